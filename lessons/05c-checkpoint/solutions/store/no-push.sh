# open: stored
docker run -d -p 5000:5000 --name registry registry:2
docker tag nginx localhost:5000/page:1
