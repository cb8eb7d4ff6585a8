#save main.py
docker stop web
docker build --tag notes:1.0 .
docker run -d -p 8080:5000 --name web2 notes:1.0
