# open: runs
# This is the third exercise: somebody else has installed it.
docker run -v "$PWD:/app" python:3.11-slim python3 /app/app.py
