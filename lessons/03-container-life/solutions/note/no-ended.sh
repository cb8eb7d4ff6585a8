# open: running
docker run --name diary alpine touch /note.txt
