docker run hello-world
docker run hello-world
docker ps -a
