# open: answers
docker run -d -p 8080:5000 --name registry registry:2
