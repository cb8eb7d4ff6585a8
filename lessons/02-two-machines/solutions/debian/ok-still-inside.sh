#type docker run -it -v "$PWD":/app debian:12 bash
#type apt-get update && apt-get install -y python3
