docker volume create visits
docker run -d --name web -p 127.0.0.1:8080:5000 --mount type=volume,src=visits,dst=/data -e 'GREETING=Good evening' counter:1.0
docker network create shop
docker network connect --alias counter shop web
