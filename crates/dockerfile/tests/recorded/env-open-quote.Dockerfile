FROM alpine
ENV A="open B=1
RUN x
