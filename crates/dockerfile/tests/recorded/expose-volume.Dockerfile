FROM alpine
EXPOSE 80/tcp 81/udp 8000-8005
EXPOSE $PORT ${OTHER:-9}/tcp
VOLUME /a /b	/c
VOLUME ["/with space"]
VOLUME [not json]
