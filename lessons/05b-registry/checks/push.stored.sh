stored() { curl -s localhost:5000/v2/$1/tags/list | grep -q "\"$2\""; }
image_id python:3.11-slim || image_id localhost:5000/tool:1 || untried
if stored tool 1; then
  # It holds this image, if all that makes it up is there already.
  docker pull -q localhost:5000/tool:1 || missing "in der Registry liegt {tool:1}, lässt sich aber nicht holen" "{tool:1} is in the registry, but cannot be pulled"
  layers() { docker image inspect --format '{{json .RootFS.Layers}}' "$1"; }
  image_id python:3.11-slim || docker pull -q python:3.11-slim
  [ "$(layers localhost:5000/tool:1)" = "$(layers python:3.11-slim)" ] || missing \
    "in der Registry liegt {tool:1}, das ist aber nicht {python:3.11-slim}" "{tool:1} is in the registry, but that is not {python:3.11-slim}"
  exit 0
fi
! stored tool latest || missing "in der Registry liegt {tool:latest}; es soll {tool:1} sein" "{tool:latest} is in the registry; it should be {tool:1}"
found=$(curl -s localhost:5000/v2/_catalog | sed 's/.*\[//; s/\].*//; s/"//g')
[ -z "$found" ] || missing "in der Registry liegt {$found}; das Image soll dort {tool} heißen" \
  "{$found} is in the registry; the image should be called {tool} there"
! image_id localhost:5000/tool:1 || missing "das Image heißt {localhost:5000/tool:1}, liegt aber noch nicht in der Registry" \
  "the image is called {localhost:5000/tool:1}, but is not in the registry yet"
for name in $(docker image inspect --format '{{join .RepoTags " "}}' python:3.11-slim); do
  case $name in
    python:3.11-slim) ;;
    localhost:5000/*) missing "das Image heißt {$name}; es soll {localhost:5000/tool:1} heißen" "the image is called {$name}; it should be {localhost:5000/tool:1}" ;;
    *) missing "{$name} nennt keine Adresse: Ohne sie ist Docker Hub gemeint" "{$name} names no address: without one Docker Hub is meant" ;;
  esac
done
untried
