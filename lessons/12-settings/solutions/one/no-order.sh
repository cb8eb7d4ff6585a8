# open: set
# Behind the image it belongs to the command.
docker run -d --name shop alpine sleep 3600 -e COLOUR=blue
