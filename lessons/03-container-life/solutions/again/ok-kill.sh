docker kill diary
docker container start diary
