# open: running
# Without a command that lasts they end at once.
docker run -d alpine
docker run -d alpine
docker run -d alpine
