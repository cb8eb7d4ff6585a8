# open: built
#save Dockerfile
docker build -t counter .
