docker run --rm alpine:latest uname -r
