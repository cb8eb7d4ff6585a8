# open: same
# What stands behind the colon is a version, not the name.
docker tag python:3.11-slim python:tool
