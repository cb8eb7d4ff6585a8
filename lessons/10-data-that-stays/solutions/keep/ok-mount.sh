docker volume create notes
docker run --rm --mount type=volume,src=notes,dst=/data alpine touch /data/note.txt
#wait 2
docker run -d --name diary --mount source=notes,target=/data alpine sleep infinity
