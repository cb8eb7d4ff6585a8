docker stop web web2
docker rm web web2
docker run -d -p 5000:5000 registry:2
docker tag nginx:latest 127.0.0.1:5000/page:1
docker push -q 127.0.0.1:5000/page:1
docker rmi -f $(docker images -q nginx)
