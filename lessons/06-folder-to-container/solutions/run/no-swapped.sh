# open: answers
docker run -d -p 5000:8080 --name web notes:1.0
