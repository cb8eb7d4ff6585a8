echo .env > .dockerignore
docker build -t script:2 .
docker run --rm script:2 ls -a /app
