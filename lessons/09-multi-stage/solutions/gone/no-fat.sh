# open: thin
docker build -t sum:thin sum
