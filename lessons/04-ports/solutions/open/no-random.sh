# open: leads
docker rm -f web
docker run -d -P --name web nginx
