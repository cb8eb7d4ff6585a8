docker run -d --name diary alpine sleep 3600
touch note.txt
docker cp note.txt diary:/note.txt
