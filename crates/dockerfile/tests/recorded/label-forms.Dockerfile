FROM busybox
LABEL maintainer "A B <a@example.com>"
LABEL a.b-c="1" multi="line one \
line two" empty=""
LABEL "com.example.vendor"="ACME Incorporated"
LABEL version=1.0 description='it\'s'
