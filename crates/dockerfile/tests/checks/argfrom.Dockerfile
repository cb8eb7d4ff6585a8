FROM alpine:${TAG}
