touch requirements.txt
docker build -t notes .
#save requirements.txt
docker build -t notes .
