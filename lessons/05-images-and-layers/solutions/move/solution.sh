docker run --rm tool python3 --version
docker tag python:3.12-slim tool
docker run --rm tool python3 --version
docker images
