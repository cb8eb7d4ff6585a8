docker create --name app -v "$PWD:/app" python:3.11-slim python3 /app/app.py
docker start -a app
