docker run --rm python:3.11-slim python3 --version
docker tag python:3.11-slim tool
docker image tag tool 127.0.0.1:5000/tool:1
docker push 127.0.0.1:5000/tool:1
