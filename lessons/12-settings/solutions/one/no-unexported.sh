# open: set
COLOUR=blue
docker run -d --name shop -e COLOUR alpine sleep 3600
