# What pip loads stays in a cache of its own.
printf 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\nCMD ["python", "main.py"]\n' > Dockerfile
docker build -t notes .
