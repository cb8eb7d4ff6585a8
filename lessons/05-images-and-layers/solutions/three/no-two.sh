# open: running
docker run -d --name one alpine sleep 3600
docker run -d --name two alpine sleep 3600
docker exec two touch /note.txt
