# open: both
docker pull python:3.11-slim
docker images
