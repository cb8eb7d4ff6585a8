docker run -d ubuntu true
docker run -d --name busy ubuntu sleep 600
docker kill busy
