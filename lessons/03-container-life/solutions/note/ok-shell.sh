docker run -d --name diary alpine sleep infinity
#type docker exec -it diary sh
#type echo hello > /note.txt
#type exit
