# open: answers
docker build -t status status
docker run -d -p 8081:5000 --name status status
#wait 2
