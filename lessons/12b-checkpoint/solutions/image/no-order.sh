# open: cached
#save all.Dockerfile
docker build -f all.Dockerfile -t counter:1.0 .
