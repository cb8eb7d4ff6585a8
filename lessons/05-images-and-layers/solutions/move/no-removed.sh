# open: kept
docker tag python:3.12-slim tool
docker rmi python:3.11-slim
