# open: works
printf '.env\n*.txt\n' > .dockerignore
docker build -t script:2 .
