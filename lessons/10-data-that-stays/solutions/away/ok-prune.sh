docker rm -f diary
docker volume prune -af
