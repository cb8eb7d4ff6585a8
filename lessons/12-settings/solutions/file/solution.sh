#save shop.env
docker rm -f shop
docker run -d --name shop --env-file shop.env alpine sleep 3600
