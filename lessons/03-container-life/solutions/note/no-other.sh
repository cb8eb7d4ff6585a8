# open: written
docker run -d --name diary alpine sleep 3600
docker run alpine touch /note.txt
