# open: well
docker run -d ubuntu sleep 600
