# open: ended
docker run alpine unam -r
