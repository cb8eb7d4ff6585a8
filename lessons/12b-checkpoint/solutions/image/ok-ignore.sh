#save late.Dockerfile
#save .dockerignore
docker build -f late.Dockerfile --tag counter:1.0 .
