# open: clean
# Stopped is not gone.
docker run -d -p 5000:5000 --name registry registry:2
docker tag nginx localhost:5000/page:1
docker push localhost:5000/page:1
docker stop web web2
