wanted=python:3.11-slim
for c in $(containers_of $wanted exited); do
  [ "$(field "$c" .State.ExitCode)" = 0 ] && docker logs "$c" | grep -q 'with Python 3\.11' && exit
done
# One that was started with --rm is gone already, but the engine remembers that it ended well.
for c in $(ended_by_event $wanted 0); do
  [ -n "$(field "$c" .Id)" ] || exit 0
done
c=$(containers_of $wanted | head -n 1)
if [ -n "$c" ]; then
  case $(field "$c" .State.Status) in
    running) missing "{$c} läuft noch, die App hat aber noch nichts gesagt" "{$c} is still running, but the app has not said anything" ;;
    created) missing "{$c} wurde angelegt, ist aber nicht gelaufen" "{$c} was created, but has not run" ;;
  esac
  code=$(field "$c" .State.ExitCode)
  [ "$code" = 0 ] || missing "{$c} endete mit dem Status $code: Hat der Container deinen Ordner als {/app}?" \
    "{$c} ended with status $code: does the container have your folder as {/app}?"
  missing "{$c} ist gelaufen, aber nicht mit {/app/app.py}" "{$c} has run, but not {/app/app.py}"
fi
for status in 1 2 127; do
  [ -z "$(ended_by_event $wanted $status)" ] || missing "die App endete mit dem Status $status: Hat der Container deinen Ordner als {/app}?" \
    "the app ended with status $status: does the container have your folder as {/app}?"
done
set -- $(containers | grep ' [^ ]*python[^ ]* [a-z]*$' | head -n 1)
[ -n "$1" ] || untried
missing "{$1} ist aus {$3} gestartet, gesucht ist {$wanted}" "{$1} was started from {$3}; {$wanted} is wanted"
