docker buildx build --tag=notes:1.0 "$PWD"
