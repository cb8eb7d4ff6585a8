# open: moved
docker tag tool python:3.12-slim
