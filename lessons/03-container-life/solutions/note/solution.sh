docker run -d --name diary alpine sleep 3600
docker exec diary touch /note.txt
docker exec diary ls /
