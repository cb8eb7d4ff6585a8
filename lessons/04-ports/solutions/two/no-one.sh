# open: second
docker rm -f web
docker run -d -p 8080:80 -p 8081:80 --name web nginx
