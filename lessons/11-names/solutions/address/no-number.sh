# open: named
# The address as a number: it works until the database gets another one.
address=$(docker inspect --format '{{.NetworkSettings.Networks.appnet.IPAddress}}' db)
sed -i "s/\"localhost\"/\"$address\"/" main.py
docker build -q -t counter .
docker run -d --network appnet -p 8080:5000 --name web counter
#wait 2
