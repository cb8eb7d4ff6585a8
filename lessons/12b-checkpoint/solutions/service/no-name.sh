# open: named
docker network create appnet
docker run -d --name web --network appnet -p 8080:5000 -v visits:/data --env-file counter.env counter:1.0
