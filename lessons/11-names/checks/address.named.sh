# The database comes back with another address: by its name it is found, by a number it is not.
image_id counter || untried
need_port 8080 counter
answers http://localhost:8080/ || untried
db=$(docker network ls -q --filter type=custom | while read -r one; do
  docker network inspect --format '{{range .Containers}}{{println .Name}}{{end}}' "$one" | while read -r name; do
    is_of "${name:-?}" redis:alpine && echo "$name $one"
    is_of "${name:-?}" redis && echo "$name $one"
  done
done | head -n 1)
[ -n "$db" ] || untried
set -- $db
docker rm -f "$1"
docker run -d --network "$2" alpine sleep 1000
docker run -d --network "$2" --network-alias db --name "$1" redis:alpine
sleep 2
answers http://localhost:8080/ || missing \
  "die App findet die Datenbank nur unter ihrer jetzigen Nummer: Startet sie neu, bekommt sie vielleicht eine andere" \
  "the app finds the database only by its present number: when that starts anew, it may get another one"
