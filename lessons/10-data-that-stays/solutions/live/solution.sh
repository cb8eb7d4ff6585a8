docker run -d -p 8080:80 -v ./site:/usr/share/nginx/html nginx
#save site/index.html
curl localhost:8080
