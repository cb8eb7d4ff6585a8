# open: ran
docker run -v "$PWD:/app" python python3 /app/app.py
