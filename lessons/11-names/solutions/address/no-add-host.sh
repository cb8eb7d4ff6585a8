# open: named
address=$(docker inspect --format '{{.NetworkSettings.Networks.appnet.IPAddress}}' db)
sed -i 's/"localhost"/"db"/' main.py
docker build -q -t counter .
docker run -d --add-host "db:$address" --network appnet -p 8080:5000 --name web counter
#wait 2
