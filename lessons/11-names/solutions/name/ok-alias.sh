docker network create appnet
docker run -d --name store --network appnet --network-alias db redis:alpine
