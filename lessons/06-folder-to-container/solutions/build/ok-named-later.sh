docker build -t notes .
docker tag notes notes:1.0
