FROM alpine
MAINTAINER "A B" <a@example.com>
MAINTAINER
