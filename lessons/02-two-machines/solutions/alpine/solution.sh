#type docker run -it --name alpine -v "$PWD:/app" alpine
#type apt-get update
#type apk add python3
#type python3 /app/app.py
#key ^D
