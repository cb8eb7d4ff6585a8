docker build -t status status
docker run -d -p 8081:5000 --name status status
#wait 2
#fails curl localhost:8081
docker logs status
#save status/main.py
docker rm -f status
docker build -t status status
docker run -d -p 8081:5000 --name status status
#wait 2
curl localhost:8081
