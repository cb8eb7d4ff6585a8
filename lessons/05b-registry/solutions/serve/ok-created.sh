docker create -p 127.0.0.1:5000:5000 registry:2
docker start $(docker ps -lq)
