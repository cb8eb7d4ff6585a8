FROM alpine
run true
copy a /b
RUN true
