docker rm -f diary
docker run -d --name diary alpine sleep 3600
docker exec diary ls /
