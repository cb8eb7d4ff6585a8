# open: served
#save site/index.html
docker run -d -p 8080:80 --name web nginx
docker cp site/index.html web:/usr/share/nginx/html/index.html
