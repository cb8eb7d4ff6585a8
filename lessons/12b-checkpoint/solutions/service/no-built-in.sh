# open: greets
echo 'ENV GREETING="Good evening"' >> Dockerfile
docker build -t counter:1.0 .
docker run -d --name counter -p 8080:5000 -v visits:/data counter:1.0
