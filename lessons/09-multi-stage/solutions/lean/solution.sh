#save Dockerfile
docker build -t site:lean .
docker run -d -p 8080:80 site:lean
curl localhost:8080
docker images
