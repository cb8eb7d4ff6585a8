# open: again
docker build -t notes .
docker build -t notes .
