[ -n "$(field diary .Id)" ] || untried
docker cp -q diary:/note.txt "$OBSERVER/note" && exit
[ -e note.txt ] || [ -e /note.txt ] && missing \
  "{note.txt} liegt auf der Maschine, nicht im Container {diary}" "{note.txt} lies on the machine, not in the container {diary}"
for c in $(containers | cut -d ' ' -f 1); do
  docker cp -q "$c:/note.txt" "$OBSERVER/note" && missing \
    "{/note.txt} liegt im Container {$c}, nicht in {diary}" "{/note.txt} lies in the container {$c}, not in {diary}"
done
[ "$(field diary .State.Status)" = running ] || untried
missing "in {diary} gibt es noch keine Datei {/note.txt}" "there is no file {/note.txt} in {diary} yet"
