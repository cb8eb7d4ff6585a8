# open: inside
docker run -d --name diary alpine sleep 3600
docker exec diary touch /note.txt
docker commit diary diary:1
docker rm -f diary
docker run -d --name diary diary:1 sleep 3600
