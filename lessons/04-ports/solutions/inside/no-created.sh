# open: running
docker create --name web nginx
