# open: image
# Without a version the image is called notes:latest.
docker build -t notes .
