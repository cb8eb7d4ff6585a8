docker rmi -f $(docker images -q python:3.11-slim)
