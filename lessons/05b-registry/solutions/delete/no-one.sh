# open: gone
docker rmi python:3.11-slim
