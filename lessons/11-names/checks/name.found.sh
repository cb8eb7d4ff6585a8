[ -n "$(containers_of redis:alpine)$(containers_of redis)" ] || untried
for network in $(docker network ls -q --filter type=custom); do
  [ "$(docker run --rm --network "$network" redis:alpine redis-cli -h db ping)" = PONG ] && exit 0
done
if [ -z "$(docker network ls -q --filter type=custom)" ]; then
  missing "es gibt noch kein eigenes Netzwerk" "there is no network of your own yet"
fi
missing "in keinem deiner Netzwerke antwortet jemand unter dem Namen {db}" \
  "in none of your networks does anybody answer to the name {db}"
