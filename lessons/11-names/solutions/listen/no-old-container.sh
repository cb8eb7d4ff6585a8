# open: answers
docker build -t status status
docker run -d -p 8081:5000 --name status status
#save status/main.py
docker build -t status status
docker restart status
#wait 2
