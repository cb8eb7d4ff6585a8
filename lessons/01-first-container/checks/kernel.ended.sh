for c in $(containers_of alpine exited); do
  [ "$(field "$c" .State.ExitCode)" = 0 ] && exit
done
[ -n "$(ended_by_event alpine 0)" ] && exit
c=$(containers_of alpine | head -n 1)
[ -n "$c" ] || untried
case $(field "$c" .State.Status) in
  running) missing "{$c} läuft noch; sein Befehl soll zu Ende gehen" "{$c} is still running; its command should come to an end" ;;
  created)
    missing "{$c} wurde angelegt, aber sein Befehl ließ sich nicht starten" "{$c} was created, but its command could not be started" ;;
esac
code=$(field "$c" .State.ExitCode)
missing "der Befehl in {$c} endete mit dem Status $code: 0 heißt ohne Fehler" \
  "the command in {$c} ended with status $code: 0 means without an error"
