printf '*\n!*.py\n!*.txt\n' > .dockerignore
docker build -t script:2 .
