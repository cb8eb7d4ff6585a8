#save Dockerfile
docker build -t counter:1.0 .
