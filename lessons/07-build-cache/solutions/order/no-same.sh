# open: kept
docker build -t notes .
