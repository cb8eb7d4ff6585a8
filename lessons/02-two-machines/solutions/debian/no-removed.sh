# open: runs
#type docker run -it --rm -v "$PWD:/app" debian
#type apt-get update && apt-get install -y python3 && python3 /app/app.py
#key ^D
