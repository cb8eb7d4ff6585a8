# open: small
# What an earlier line left lies in its layer.
printf 'FROM ubuntu:latest\nRUN apt-get update && apt-get install -y python3\nCOPY . /app\nRUN rm -rf /var/lib/apt/lists/*\nUSER 1000\nCMD ["python3", "/app/my_script.py"]\n' > Dockerfile
docker build -t script:3 .
