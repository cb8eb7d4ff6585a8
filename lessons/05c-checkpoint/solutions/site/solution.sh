docker run -d -p 8080:80 --name web nginx
docker exec web touch /usr/share/nginx/html/hello.txt
docker run -d -p 8081:80 --name web2 nginx
curl localhost:8080/hello.txt
curl localhost:8081/hello.txt
