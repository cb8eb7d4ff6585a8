# open: leads
docker rm -f web
docker run -d -p 80:8080 --name web nginx
