docker run -d -p 8081:80 --name web2 nginx
curl localhost:8081
