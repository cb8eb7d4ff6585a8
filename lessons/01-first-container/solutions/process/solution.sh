docker run -d alpine sleep 600
docker ps
ps aux
