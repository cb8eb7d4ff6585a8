set -- $(containers_of alpine running)
[ $# -lt 3 ] || exit 0
[ -n "$(containers_of alpine)" ] || untried
[ $# -ne 1 ] || missing "aus {alpine} läuft ein Container, es sollen drei sein" "one container from {alpine} is running; there should be three"
missing "aus {alpine} laufen $# Container, es sollen drei sein" "$# containers from {alpine} are running; there should be three"
