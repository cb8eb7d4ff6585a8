#type docker run -p 8080:80 -v "$PWD"/site:/usr/share/nginx/html:ro nginx
#wait 30
#save site/index.html
