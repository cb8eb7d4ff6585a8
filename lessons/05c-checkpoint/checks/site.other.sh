need_port 8081 nginx
first=$(published 8080)
[ "$container" != "$first" ] || missing "beide Ports führen zu {$first}; hinter 8081 soll ein anderer Container stehen" \
  "both ports lead to {$first}; another container should stand behind 8081"
need_answer 8081
! answers http://localhost:8081/hello.txt || missing "auch {$container} hat {hello.txt}" "{$container} has {hello.txt}, too"
