export COLOUR=blue
docker run -d --env COLOUR --name shop alpine sleep infinity
