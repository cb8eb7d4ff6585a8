for c in $(containers_of hello-world); do
  [ "$(field "$c" .State.Status)" = exited ] && exit
done
# One that was started with --rm is gone already, but the engine remembers that it ended.
[ -n "$(ended_by_event hello-world 0)" ] && exit
[ -n "$(containers_of hello-world)" ] || untried
missing "der Container wurde angelegt, ist aber nicht gelaufen" "the container was created, but has not run"
