# What was installed is in the container's files, whether it runs or not.
here=
for c in $(containers | while read -r name image by status; do
  case $by in debian | debian:* | *library/debian | *library/debian:*) echo "$name" ;; esac
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
  [ -z "$(ended_by_event debian $status)" ] || missing "der Container aus {debian} ist schon weggeräumt: Ohne {--rm} bleibt er" \
    "the container from {debian} was cleared away already: without {--rm} it stays"
done
set -- $(containers | head -n 1)
[ -n "$1" ] || untried
missing "{$1} ist aus {$3} gestartet; die Maschine soll aus {debian} sein" "{$1} was started from {$3}; the machine should be from {debian}"
