#save Dockerfile
docker build -t notes .
