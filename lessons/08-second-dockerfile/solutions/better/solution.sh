#save Dockerfile
docker build -t script:3 .
docker run --rm script:3
docker images
