# open: clean
docker run -d -p 5000:5000 --name registry registry:2
docker tag nginx localhost:5000/page:1
docker push localhost:5000/page:1
docker rm -f web web2
docker rmi nginx
