# open: other
docker run -d -p 8080:80 --name web nginx
docker run -d -p 8081:80 --name web2 nginx
docker exec web touch /usr/share/nginx/html/hello.txt
docker exec web2 touch /usr/share/nginx/html/hello.txt
