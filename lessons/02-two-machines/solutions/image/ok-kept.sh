docker run -v "$PWD:/app" -w /app docker.io/library/python:3.11-slim python app.py
