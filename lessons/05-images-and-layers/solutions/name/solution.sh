docker tag python:3.11-slim tool
docker images
