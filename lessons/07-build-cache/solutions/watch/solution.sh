docker build -t notes .
#save main.py
docker build -t notes .
