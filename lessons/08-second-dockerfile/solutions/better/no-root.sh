# open: user
printf 'FROM python:3.11-alpine\nCOPY . /app\nCMD ["python3", "/app/my_script.py"]\n' > Dockerfile
docker build -t script:3 .
