docker build --target build -t site:build .
docker run --rm site:build ls site
