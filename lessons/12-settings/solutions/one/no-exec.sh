# open: set
# Only that one command sees it.
docker run -d --name shop alpine sleep 3600
docker exec -e COLOUR=blue shop env
