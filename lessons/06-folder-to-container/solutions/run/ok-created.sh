docker create -p 8080:5000 notes:1.0
docker start $(docker ps -lq)
