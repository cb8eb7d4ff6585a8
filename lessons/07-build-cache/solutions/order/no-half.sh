# open: kept
# The list comes first, but so does everything else.
printf 'FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt .\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "main.py"]\n' > Dockerfile
docker build -t notes .
