# open: gone
docker rm -f diary
