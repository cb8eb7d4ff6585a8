# open: secret
# Deleted in a later layer, it still lies in the one below.
printf 'FROM ubuntu:latest\nRUN apt-get update && apt-get install -y python3\nCOPY . /app\nRUN rm /app/.env\nCMD ["python3", "/app/my_script.py"]\n' > Dockerfile
docker build -t script:2 .
