# What was installed is in the container's files, whether it runs or not.
here=
for c in $(containers | while read -r name image by status; do
  case $by in alpine | alpine:* | *library/alpine | *library/alpine:*) echo "$name" ;; esac
done); do
  here=${here:-$c}
  docker commit "$c" observer:tried || continue
  docker run --rm -v "$PWD:/app" observer:tried python3 /app/app.py && exit 0
  ! docker run --rm observer:tried python3 --version || missing "in {$c} ist Python da, aber {app.py} läuft nicht: Hast du die Datei geändert?" \
    "there is Python in {$c}, but {app.py} does not run: have you changed the file?"
done
[ -z "$here" ] || missing "in {$here} gibt es noch kein Python, also läuft die App dort nicht" \
  "there is no Python in {$here} yet, so the app does not run there"
for status in 0 1 2 100 127 130; do
  [ -z "$(ended_by_event alpine $status)" ] || missing "der Container aus {alpine} ist schon weggeräumt: Ohne {--rm} bleibt er" \
    "the container from {alpine} was cleared away already: without {--rm} it stays"
done
untried
