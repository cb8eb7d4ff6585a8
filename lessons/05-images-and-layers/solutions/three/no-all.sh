# open: one
for name in aa bb cc; do docker run -d --name $name alpine sleep 600; docker exec $name touch /note.txt; done
