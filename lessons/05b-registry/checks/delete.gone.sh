curl -s localhost:5000/v2/tool/tags/list | grep -q '"1"' || {
  [ -z "$(published 5000)" ] || untried
  [ -z "$(containers_of registry:2)" ] || missing "die Registry läuft nicht mehr: Was in ihr liegt, ist gerade nicht zu haben" \
    "the registry does not run any more: what lies in it is not to be had"
  untried
}
if image_id python:3.11-slim && image_id localhost:5000/tool:1; then untried; fi
for name in $(docker images --format '{{.Repository}}:{{.Tag}}'); do
  case $name in
    registry:* | '<none>:<none>') ;;
    *) ! docker run --rm --entrypoint python3 "$name" --version | grep -q 'Python 3\.11' || missing \
      "das Image ist noch auf der Maschine, unter dem Namen {$name}" "the image is still on the machine, under the name {$name}" ;;
  esac
done
