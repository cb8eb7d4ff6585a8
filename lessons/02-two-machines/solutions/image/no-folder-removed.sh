# open: ran
#fails docker run --rm python:3.11-slim python3 /app/app.py
