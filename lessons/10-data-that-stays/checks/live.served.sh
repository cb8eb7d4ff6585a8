container=$(published 8080)
if [ -z "$container" ]; then
  [ -n "$(containers_of nginx running)" ] || untried
  need_port 8080 nginx
fi
# The copy of the machine may be changed: a bind mount shows it.
echo "$$ seen" >site/index.html
[ "$(curl -s localhost:8080)" = "$$ seen" ] || missing \
  "{$container} antwortet, aber nicht mit der Datei {site/index.html} der Maschine" \
  "{$container} answers, but not with the machine's file {site/index.html}"
