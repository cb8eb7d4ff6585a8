docker create --name door --publish 8080:80 nginx
docker start door
