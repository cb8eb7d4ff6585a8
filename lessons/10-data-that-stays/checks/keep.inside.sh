place=$(docker volume inspect --format '{{.Mountpoint}}' notes)
if [ -z "$place" ]; then
  [ -n "$(field diary .Id)" ] || untried
  missing "es gibt kein Volume {notes}" "there is no volume {notes}"
fi
[ -e "$place/note.txt" ] && exit
[ -n "$(field diary .Id)" ] || untried
docker cp -q diary:/note.txt "$OBSERVER/note" && missing \
  "{/note.txt} liegt im Container, nicht unter {/data} und damit nicht im Volume" \
  "{/note.txt} lies in the container, not below {/data} and so not in the volume"
docker cp -q diary:/data/note.txt "$OBSERVER/note" && missing \
  "{/data/note.txt} liegt im Container: Das Volume {notes} hängt nicht unter {/data}" \
  "{/data/note.txt} lies in the container: the volume {notes} is not mounted at {/data}"
missing "das Volume {notes} ist da, aber ohne {note.txt}" "the volume {notes} is there, but without {note.txt}"
