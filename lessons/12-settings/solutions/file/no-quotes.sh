# open: colour
# Quotation marks are part of the value here.
echo 'COLOUR="green"' >> shop.env
docker rm -f shop
docker run -d --name shop --env-file shop.env alpine sleep 3600
