for c in $(containers_of ubuntu exited); do
  [ "$(field "$c" .State.ExitCode)" != 0 ] || exit 0
done
[ -z "$(ended_by_event ubuntu 0)" ] || exit 0
c=$(containers_of ubuntu | head -n 1)
[ -n "$c" ] || untried
case $(field "$c" .State.Status) in
  running) missing "{$c} läuft noch: Sein Prozess hat etwas zu tun" "{$c} is still running: its process has something to do" ;;
  created) missing "{$c} wurde angelegt, ist aber nicht gelaufen" "{$c} was created, but has not run" ;;
esac
missing "{$c} ist mit dem Fehler $(field "$c" .State.ExitCode) zu Ende gegangen" "{$c} has ended with the error $(field "$c" .State.ExitCode)"
