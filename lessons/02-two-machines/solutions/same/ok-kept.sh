exact=$(docker image inspect --format '{{index .RepoDigests 0}}' python:3.11-slim)
docker pull $exact
docker run --name exact -v "$PWD:/app" $exact python3 /app/app.py
