# open: gone
docker rmi localhost:5000/tool:1
