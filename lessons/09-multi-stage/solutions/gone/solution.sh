docker build -t sum:fat sum
docker history sum:fat
#save sum/Dockerfile
docker build -t sum:thin sum
docker history sum:thin
docker images
