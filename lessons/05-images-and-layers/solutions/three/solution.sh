docker run -d --name one alpine sleep 3600
docker run -d --name two alpine sleep 3600
docker run -d --name three alpine sleep 3600
docker exec two touch /note.txt
docker exec one ls /
docker exec two ls /
