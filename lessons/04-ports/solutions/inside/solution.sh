docker run -d --name web nginx
docker logs web
#fails curl localhost:80
