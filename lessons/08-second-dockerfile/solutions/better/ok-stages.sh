printf 'FROM python:3.11-alpine\nRUN adduser -D app\nWORKDIR /app\nCOPY --chown=app my_script.py greeting.txt ./\nUSER app\nCMD ["python", "my_script.py"]\n' > Dockerfile
docker build -t script:3 .
