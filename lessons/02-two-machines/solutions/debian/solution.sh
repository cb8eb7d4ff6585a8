python3 app.py
#type docker run -it --name debian -v "$PWD:/app" debian
#type python3 /app/app.py
#type apt-get update
#type apt-get install -y python3
#type python3 /app/app.py
#key ^D
