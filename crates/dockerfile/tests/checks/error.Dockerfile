# check=error=true
FROM alpine
MAINTAINER x
