# open: ran
# An image alone is no container, and one that was created has not run.
docker create hello-world
