docker rename diary old
docker run -d --name diary alpine sleep 3600
