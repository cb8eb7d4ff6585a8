# open: rebuilt
# The container is changed, the image is not.
#save main.py
docker cp main.py web:/app/main.py
docker restart web
