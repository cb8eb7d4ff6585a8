# Only what was handed in may be cleared away.
curl -s localhost:5000/v2/page/tags/list | grep -q '"1"' || untried
left=$(containers | while read -r name image by status; do case $by in registry*) ;; *) echo "$name" ;; esac; done)
for c in $left; do
  missing "den Container {$c} gibt es noch" "the container {$c} is still there"
done
for name in $(docker images --format '{{.Repository}}:{{.Tag}}'); do
  case $name in
    registry:*) ;;
    *) ! docker run --rm --entrypoint sh "$name" -c 'command -v nginx' || missing \
      "das Image ist noch auf der Maschine, unter dem Namen {$name}" "the image is still on the machine, under the name {$name}" ;;
  esac
done
