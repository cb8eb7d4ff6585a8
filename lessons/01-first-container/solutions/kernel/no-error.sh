# open: ended
docker run alpine uname --nonsense
