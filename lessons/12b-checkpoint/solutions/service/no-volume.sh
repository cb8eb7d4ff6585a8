# open: keeps
docker network create appnet
docker run -d --name counter --network appnet -p 8080:5000 --env-file counter.env counter:1.0
