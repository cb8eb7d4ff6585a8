# open: greeting
# A restart reads no file.
#save shop.env
docker restart -t 1 shop
