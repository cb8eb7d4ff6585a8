# open: kept
# A change that is copied into a container is in no image.
docker run -d --name old notes
docker cp main.py old:/app/main.py
docker commit old notes
