# open: found
docker network create appnet
docker run -d --name database --network appnet redis:alpine
