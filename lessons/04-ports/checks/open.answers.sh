[ -n "$(published 8080)" ] || untried
need_port 8080 nginx
need_answer 8080
