# open: keeps
docker run -d --name counter -p 8080:5000 -v /data --env-file counter.env counter:1.0
