docker run -d -p 8080:80 --mount type=bind,source="$PWD/site",target=/usr/share/nginx/html,readonly nginx
#save site/index.html
