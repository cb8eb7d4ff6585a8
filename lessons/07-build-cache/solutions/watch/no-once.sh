# open: again
docker build -t notes .
#save main.py
