docker run alpine env
docker run -e COLOUR=blue alpine env
docker run -d --name shop -e COLOUR=blue alpine sleep 3600
docker exec shop env
