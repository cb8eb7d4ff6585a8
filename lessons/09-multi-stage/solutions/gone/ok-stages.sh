#save sum/stages.Dockerfile
docker build -f sum/stages.Dockerfile -t sum:thin sum
