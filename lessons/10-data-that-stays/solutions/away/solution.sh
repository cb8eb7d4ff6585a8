docker rm -f diary
docker volume rm notes
docker volume ls
