docker run -d --name db redis:alpine
docker network create appnet
docker network connect appnet db
docker run --rm --network appnet redis:alpine redis-cli -h db ping
