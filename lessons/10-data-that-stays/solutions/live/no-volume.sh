# open: served
docker run -d -p 8080:80 -v site:/usr/share/nginx/html nginx
