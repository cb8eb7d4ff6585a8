# open: answers
#save status/main.py
docker build -t status status
docker run -d -p 5000:5000 status
#wait 2
