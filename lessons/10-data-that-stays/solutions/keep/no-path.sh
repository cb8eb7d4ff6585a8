# open: inside
docker run -d --name diary -v notes:/data alpine sleep 3600
docker exec diary touch /note.txt
