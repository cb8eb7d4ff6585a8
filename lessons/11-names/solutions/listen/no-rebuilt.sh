# open: answers
# The change is in the folder, not in the image.
docker build -t status status
#save status/main.py
docker run -d -p 8081:5000 --name status status
#wait 2
