docker run -v "$PWD:/app" debian sh -c 'apt-get update && apt-get install -y python3 && python3 /app/app.py'
