digest=$(docker pull python:3.11-slim | grep -o 'sha256:[0-9a-f]*')
echo $digest
docker run --rm -v "$PWD:/app" python@$digest python3 /app/app.py
