docker run -d --name diary -v notes:/data alpine sleep 3600
docker exec diary touch /data/note.txt
docker rm -f diary
docker run -d --name diary -v notes:/data alpine sleep 3600
docker exec diary ls /data
