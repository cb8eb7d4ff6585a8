#save main.py
docker build -t notes:1.0 .
docker rm -f web
docker run -d -p 8080:5000 notes:1.0
