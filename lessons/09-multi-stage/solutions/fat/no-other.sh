# open: built
docker build -t site .
