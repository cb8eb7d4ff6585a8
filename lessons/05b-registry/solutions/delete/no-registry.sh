# open: gone
docker rm -f registry
docker run -d --name registry registry:2
docker rmi python:3.11-slim localhost:5000/tool:1
