# open: survived
# Stopping and starting is no new container.
docker run -d --name diary -v notes:/data alpine sleep 3600
#wait 2
docker exec diary touch /data/note.txt
docker restart -t 1 diary
