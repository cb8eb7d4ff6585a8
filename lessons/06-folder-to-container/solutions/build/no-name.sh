# open: image
docker build .
