# open: rebuilt
#save main.py
docker cp main.py web:/app/main.py
docker commit web notes:1.0
