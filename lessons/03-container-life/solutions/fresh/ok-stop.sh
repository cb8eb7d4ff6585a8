docker stop diary
docker rm diary
docker run -d --name diary alpine sleep infinity
