docker rm -f web
docker run -d -p 8080:80 --name web nginx
curl localhost:8080
