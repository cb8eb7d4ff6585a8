# open: same
# The same files, but not from there.
docker pull python:3.11-slim
docker tag python:3.11-slim localhost:5000/tool:1
