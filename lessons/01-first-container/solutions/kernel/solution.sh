uname -r
docker run alpine uname -r
