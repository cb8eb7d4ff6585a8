for c in $(containers_of ubuntu exited); do
  [ "$(field "$c" .State.ExitCode)" = 0 ] || exit 0
done
for status in 1 2 127 137; do
  [ -z "$(ended_by_event ubuntu $status)" ] || exit 0
done
for c in $(containers_of ubuntu created); do
  missing "{$c} wurde angelegt, sein Befehl ließ sich aber gar nicht erst starten" "{$c} was created, but its command could not even be started"
done
c=$(containers_of ubuntu running | head -n 1)
[ -z "$c" ] || missing "{$c} läuft noch" "{$c} is still running"
[ "$(containers_of ubuntu | wc -l)" -gt 1 ] || untried
missing "alle Container aus {ubuntu} sind ohne Fehler zu Ende gegangen" "all containers from {ubuntu} have ended without an error"
