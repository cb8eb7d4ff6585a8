need_port 8080 nginx
[ "$container" = web ] || missing "Port 8080 führt zu {$container}, der Container soll {web} heißen" "port 8080 leads to {$container}; the container should be called {web}"
need_answer 8080
