# open: stored
docker pull python:3.11-slim
docker pull alpine
docker tag alpine localhost:5000/tool:1
docker push localhost:5000/tool:1
