touch note.txt
for name in aa bb cc; do docker run -d --name $name alpine sleep 600; done
docker cp note.txt bb:/
