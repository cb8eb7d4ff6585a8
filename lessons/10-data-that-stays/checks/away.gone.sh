docker volume inspect notes || exit 0
[ -n "$(field diary .Id)" ] && untried
missing "das Volume {notes} ist noch da" "the volume {notes} is still there"
