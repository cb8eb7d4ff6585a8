# open: file
docker run -d -p 8080:80 --name web nginx
docker exec web touch /hello.txt
