docker network create --driver bridge backend
docker run -d --network backend --name db redis
