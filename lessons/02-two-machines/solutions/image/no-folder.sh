# open: ran
#fails docker run python:3.11-slim python3 /app/app.py
