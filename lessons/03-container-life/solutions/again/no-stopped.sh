# open: restarted
docker stop diary
