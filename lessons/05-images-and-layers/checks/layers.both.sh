for image in python:3.11-slim python:3.12-slim; do
  if image_id $image; then here=$image; else lacking="$lacking {$image}"; fi
done
[ -n "$lacking" ] || exit 0
[ -n "$(docker images -q python)" ] || untried
missing "auf der Maschine fehlt noch:$lacking" "still missing on the machine:$lacking"
