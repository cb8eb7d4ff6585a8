# open: badly
docker run ubuntu
docker run ubuntu
