#save main.py
docker build -t counter .
docker run -d --network appnet -p 8080:5000 --name web counter
#wait 2
curl localhost:8080
