# Into the network afterwards, and restarted by hand.
sed -i 's/"localhost"/"db"/' main.py
docker build -q -t counter .
docker create --name web -p 127.0.0.1:8080:5000 counter
docker network connect appnet web
docker start web
#wait 2
