set -- $(containers_of hello-world)
[ $# -ge 2 ] && exit
[ $# -eq 1 ] || untried
missing "bisher gibt es einen Container aus {hello-world}: {$1}" "so far there is one container from {hello-world}: {$1}"
