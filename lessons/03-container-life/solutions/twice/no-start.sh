# open: two
# Starting the same one again makes no second container.
docker run --name first hello-world
docker start -a first
