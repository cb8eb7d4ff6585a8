# open: built
printf 'FROM python:3.11-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n' > Dockerfile
docker build -t counter:1.0 .
