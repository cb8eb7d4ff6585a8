[ "$(field diary .State.Status)" = running ] && exit
[ -n "$(field diary .Id)" ] && missing "{diary} läuft nicht (Status {$(field diary .State.Status)})" "{diary} is not running (status {$(field diary .State.Status)})"
other=$(containers_of alpine running | head -n 1)
[ -n "$other" ] || untried
missing "es läuft {$other}, der Container soll aber {diary} heißen" "{$other} is running, but the container should be called {diary}"
