docker network create appnet
docker run -d --network appnet --network-alias counter -p 8080:5000 -v ./visits:/data --env-file counter.env counter:1.0
