
# escape=`
FROM alpine
RUN b \
  c
