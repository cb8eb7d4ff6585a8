# open: answers
#save main.py
docker build -t notes:1.0 .
