# open: named
# On the network where containers are by themselves there are no names.
docker run -d --name counter -p 8080:5000 -v visits:/data --env-file counter.env counter:1.0
