docker run --rm python:3.12-slim python3 --version
docker run --rm python:3.11-slim python3 --version
