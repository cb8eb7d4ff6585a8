# open: clean
#save late.Dockerfile
docker build -f late.Dockerfile -t counter:1.0 .
