stored() { curl -s localhost:5000/v2/$1/tags/list | grep -q "\"$2\""; }
if stored page 1; then
  docker rmi -f localhost:5000/page:1
  docker pull -q localhost:5000/page:1 || missing "{page:1} lässt sich nicht aus der Registry holen" "{page:1} cannot be pulled from the registry"
  proof=$(docker run -d -P localhost:5000/page:1)
  answers "http://localhost:$(host_port "$proof")/" || missing "in der Registry liegt {page:1}, das ist aber nicht {nginx}" \
    "{page:1} is in the registry, but that is not {nginx}"
  exit 0
fi
found=$(curl -s localhost:5000/v2/_catalog | sed 's/.*\[//; s/\].*//; s/"//g')
[ -z "$found" ] || missing "in der Registry liegt {$found}; gesucht ist {page} mit dem Tag {1}" "{$found} is in the registry; {page} with the tag {1} is wanted"
answers http://localhost:5000/v2/ || {
  [ -n "$(containers_of registry:2)$(containers_of registry)" ] || untried
  missing "auf Port 5000 antwortet keine Registry" "no registry answers on port 5000"
}
missing "die Registry läuft, ist aber noch leer" "the registry is running, but still empty"
