# open: moved
# A second name beside the first: tool alone is tool:latest.
docker tag python:3.12-slim tool:3.12
