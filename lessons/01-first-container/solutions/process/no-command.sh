# open: running
docker run -d alpine
