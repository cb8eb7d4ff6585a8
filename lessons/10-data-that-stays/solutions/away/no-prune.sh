# open: gone
# Without -a only volumes without a name go.
docker rm -f diary
docker volume prune -f
