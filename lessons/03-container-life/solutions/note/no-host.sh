# open: written
docker run -d --name diary alpine sleep 3600
touch note.txt
