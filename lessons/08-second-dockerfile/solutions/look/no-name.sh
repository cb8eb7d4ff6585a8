# open: built
docker build -t script .
