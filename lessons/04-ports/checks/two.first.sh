# It is reached before; it counts from the moment when there is a second one.
[ "$(containers_of nginx | wc -l)" -ge 2 ] || untried
need_port 8080 nginx
need_answer 8080
