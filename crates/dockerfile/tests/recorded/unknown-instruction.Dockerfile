FROM alpine
INSTALL curl
RUM echo
