# open: named
docker build -t site:build .
