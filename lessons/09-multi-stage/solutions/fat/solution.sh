docker build -t site:fat .
docker images
