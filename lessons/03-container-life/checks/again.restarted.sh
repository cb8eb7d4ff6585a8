[ -n "$(field diary .Id)" ] || untried
status=$(field diary .State.Status)
case $(field diary .State.FinishedAt) in
  0001-*)
    # The first exercise ends here: nothing was tried yet, unless it is another container.
    docker cp -q diary:/note.txt "$OBSERVER/note" && untried
    missing "dieser Container {diary} ist ein neuer: Er wurde noch nie angehalten" "this container {diary} is a new one: it was never stopped" ;;
esac
[ "$status" = running ] || missing "{diary} ist angehalten und soll wieder laufen" "{diary} is stopped and should run again"
