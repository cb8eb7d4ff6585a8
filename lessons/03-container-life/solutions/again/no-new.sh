# open: restarted
# A new container of the same name is another one.
docker rm -f diary
docker run -d --name diary alpine sleep 3600
