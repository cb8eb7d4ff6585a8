docker create --name first hello-world
docker start first
