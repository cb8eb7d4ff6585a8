# open: cached
#save main.py
docker build --no-cache -t notes:1.0 .
