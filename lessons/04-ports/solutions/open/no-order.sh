# open: answers
docker rm -f web
docker run -d -p 80:8080 --name web nginx
docker run -d -p 8080:8080 nginx
