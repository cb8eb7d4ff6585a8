set -- $(containers_of nginx)
[ $# -ge 2 ] || [ -n "$(published 8081)" ] || untried
first=$(published 8080)
need_port 8081 nginx
[ "$container" != "$first" ] || missing "beide Ports führen zu {$first}: Es sollen zwei Container sein" \
  "both ports lead to {$first}: there should be two containers"
need_answer 8081
