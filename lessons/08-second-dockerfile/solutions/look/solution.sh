docker build -t script:1 .
docker run --rm script:1
docker run --rm script:1 ls -a /app
docker images
