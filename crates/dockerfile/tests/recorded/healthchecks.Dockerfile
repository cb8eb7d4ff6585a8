FROM alpine
HEALTHCHECK NONE
HEALTHCHECK CMD curl -f http://localhost/
HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]
HEALTHCHECK   cmd   x   y
HEALTHCHECK --retries=3 CMD
HEALTHCHECK nonsense
HEALTHCHECK
