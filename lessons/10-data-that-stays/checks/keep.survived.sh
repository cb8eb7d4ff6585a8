place=$(docker volume inspect --format '{{.Mountpoint}}' notes) || untried
[ -e "$place/note.txt" ] || untried
[ "$(field diary .State.Status)" = running ] || missing "es läuft kein Container {diary}" "no container {diary} is running"
field diary 'range .Mounts}}{{.Name}} {{end' | grep -qw notes || missing \
  "im neuen Container {diary} hängt das Volume {notes} nicht" "the volume {notes} is not mounted in the new container {diary}"
[ "$(date -d "$(field diary .Created)" +%s)" -ge "$(stat -c %Y "$place/note.txt")" ] || missing \
  "{diary} ist noch der Container, in dem die Notiz entstand" "{diary} is still the container in which the note was made"
