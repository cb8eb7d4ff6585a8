docker stop diary
docker ps -a
docker start diary
docker exec diary ls /
