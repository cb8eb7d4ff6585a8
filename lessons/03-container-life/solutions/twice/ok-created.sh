docker create hello-world
docker run --name second hello-world
