docker run -d -p 8080:5000 --name web notes:1.0
curl localhost:8080
