# open: same
docker tag python:3.12-slim tool
