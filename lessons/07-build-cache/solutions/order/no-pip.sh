# open: answers
# Nothing to install, nothing to wait for, and nothing that runs.
printf 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n' > Dockerfile
docker build -t notes .
