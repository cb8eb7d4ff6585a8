# Only what is needed is copied.
printf 'FROM ubuntu:latest\nRUN apt-get update && apt-get install -y python3\nCOPY my_script.py greeting.txt /app/\nCMD ["python3", "/app/my_script.py"]\n' > Dockerfile
docker build -t script:2 .
