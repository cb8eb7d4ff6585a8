docker tag $(docker images -q python:3.11-slim) tool
