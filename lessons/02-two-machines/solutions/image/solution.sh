docker run --rm -v "$PWD:/app" python:3.11-slim python3 /app/app.py
