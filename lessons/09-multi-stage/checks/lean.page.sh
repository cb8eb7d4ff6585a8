image_id site:lean || untried
need_port 8080 site:lean
need_answer 8080
note=$(cat notes/kernel.txt)
curl -s localhost:8080 | grep -qF "$note" || missing "Port 8080 antwortet, aber deine Notizen stehen nicht auf der Seite" \
  "port 8080 answers, but your notes are not on the page"
