# open: other
docker run -d -p 8080:80 -p 8081:80 --name web nginx
docker exec web touch /usr/share/nginx/html/hello.txt
