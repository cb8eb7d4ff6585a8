changed site/index.html || untried
[ -n "$(published 8080)" ] || untried
curl -s localhost:8080 | cmp -s - site/index.html || missing \
  "{site/index.html} ist geändert, ausgeliefert wird aber etwas anderes" "{site/index.html} was changed, but something else is served"
