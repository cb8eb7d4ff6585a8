# open: file
# What was written went with the first container; the second has it.
docker run -d -p 8081:80 --name other nginx
docker exec other touch /usr/share/nginx/html/hello.txt
docker run -d -p 8080:80 --name web nginx
