docker run -d alpine sh -c 'echo hello > /note.txt; sleep 600'
docker run -d alpine:latest sleep 600
docker run -d alpine:latest sleep infinity
