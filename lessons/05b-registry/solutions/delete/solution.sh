docker system df
docker rmi python:3.11-slim
docker system df
docker rmi localhost:5000/tool:1
docker system df
