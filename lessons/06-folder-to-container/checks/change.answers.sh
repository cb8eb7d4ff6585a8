(need_new notes:1.0 main.py /app/main.py) 3>/dev/null || untried
need_port 8080 notes:1.0
[ "$(field "$container" .Image)" = "$(image_id notes:1.0)" ] || missing \
  "{$container} läuft noch aus dem alten Image: Ein Container behält das Image, aus dem er gestartet wurde" \
  "{$container} still runs the old image: a container keeps the image that it was started from"
need_answer 8080
