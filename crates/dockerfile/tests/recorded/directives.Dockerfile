# syntax = docker/dockerfile:1.7
#escape=`
# nonsense=1
# escape=\
FROM alpine
RUN a `
  b
