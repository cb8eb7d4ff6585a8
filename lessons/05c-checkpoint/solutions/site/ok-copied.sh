echo hello > hello.txt
docker create --name web --publish 127.0.0.1:8080:80 nginx:latest
docker cp hello.txt web:/usr/share/nginx/html/
docker start web
docker run -d -p 8081:80 nginx
