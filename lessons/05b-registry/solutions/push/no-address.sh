# open: stored
docker pull python:3.11-slim
docker tag python:3.11-slim tool:1
#fails docker push tool:1
