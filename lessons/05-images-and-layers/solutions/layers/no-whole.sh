# open: both
# Without -slim it is another image.
docker pull python:3.11-slim
docker pull python:3.12
