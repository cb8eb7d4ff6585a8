# open: same
docker pull python:3.11-slim
