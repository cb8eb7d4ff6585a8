#type docker run -it -v "$PWD:/app" python:3.11-slim bash
#type python3 /app/app.py
#type exit
