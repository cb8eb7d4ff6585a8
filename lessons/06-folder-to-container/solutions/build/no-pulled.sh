# open: image
# The name alone does not make it the app.
docker pull python:3.11-slim
docker tag python:3.11-slim notes:1.0
