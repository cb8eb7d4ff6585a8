docker run --rm hello-world
