FROM alpine AS work
RUN head -c 20000000 /dev/zero > /tmp/work
RUN wc -c < /tmp/work > /result.txt

FROM alpine
COPY --from=work /result.txt /
CMD ["cat", "/result.txt"]
