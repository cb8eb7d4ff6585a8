# open: counts
docker build -q -t counter .
docker run -d --network appnet -p 8080:5000 --name web counter
#wait 2
