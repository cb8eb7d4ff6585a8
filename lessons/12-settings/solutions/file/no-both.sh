# open: colour
#save shop.env
docker rm -f shop
docker run -d --name shop --env-file shop.env -e COLOUR=blue alpine sleep 3600
