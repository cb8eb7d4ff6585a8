image_id counter:1.0 || untried
[ -n "$(containers_of counter:1.0 running)" ] || untried
networks=$(docker network ls -q --filter type=custom)
[ -n "$networks" ] || missing "es gibt noch kein eigenes Netzwerk" "there is no network of your own yet"
for network in $networks; do
  docker run --rm --network "$network" alpine wget -qO- http://counter:5000/ | grep -q visits && exit 0
done
missing "in keinem deiner Netzwerke antwortet die App unter {http://counter:5000}" "in none of your networks does the app answer at {http://counter:5000}"
