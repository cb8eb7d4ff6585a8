# open: ran
docker run python:3.11-slim
