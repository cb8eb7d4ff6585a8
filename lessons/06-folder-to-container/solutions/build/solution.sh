ls
cat Dockerfile
docker build -t notes:1.0 .
