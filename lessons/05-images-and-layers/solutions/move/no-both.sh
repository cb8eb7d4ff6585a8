# open: kept
docker tag python:3.12-slim tool
docker tag python:3.12-slim python:3.11-slim
