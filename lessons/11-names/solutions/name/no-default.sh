# open: found
docker run -d --name db redis:alpine
