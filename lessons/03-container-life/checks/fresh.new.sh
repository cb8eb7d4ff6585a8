[ -n "$(field diary .Id)" ] || untried
case $(field diary .State.FinishedAt) in
  0001-*) ;;
  *)
    docker cp -q diary:/note.txt "$OBSERVER/note" && untried
    missing "{diary} ist noch der alte Container, der schon einmal angehalten wurde" "{diary} is still the old container, which was stopped before" ;;
esac
[ "$(field diary .State.Status)" = running ] || missing "{diary} wurde angelegt, läuft aber nicht" "{diary} was created, but is not running"
