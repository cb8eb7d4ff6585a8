# open: secret
echo .env > .gitignore
docker build -t script:2 .
