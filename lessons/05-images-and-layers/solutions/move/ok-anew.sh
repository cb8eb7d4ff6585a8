docker rmi tool
docker tag python:3.12-slim tool:latest
