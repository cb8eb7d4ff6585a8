docker pull python:3.11-slim
docker history python:3.11-slim
docker pull python:3.12-slim
docker images
