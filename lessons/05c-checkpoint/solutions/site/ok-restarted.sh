docker run -d -p 8080:80 --name web nginx
docker exec web touch /usr/share/nginx/html/hello.txt
docker stop web
docker start web
docker run -d -p 8081:80 --name other nginx
