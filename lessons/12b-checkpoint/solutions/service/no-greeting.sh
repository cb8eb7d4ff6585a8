# open: greets
docker run -d --name counter -p 8080:5000 -v visits:/data counter:1.0
