echo COLOUR=green >> shop.env
docker rename shop old
docker run -d --name shop --env-file ./shop.env alpine sleep infinity
