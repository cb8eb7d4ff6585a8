# The list is only lent to the step.
printf 'FROM python:3.11-slim\nWORKDIR /app\nRUN --mount=type=bind,source=requirements.txt,target=/tmp/list pip install -r /tmp/list\nCOPY . .\nCMD ["python", "main.py"]\n' > Dockerfile
docker build -t notes .
