image_id counter || untried
need_port 8080 counter
need_answer 8080
curl -s localhost:8080 | grep -q '^[0-9]* visits' || missing "Port 8080 antwortet, zählt aber nicht" \
  "port 8080 answers, but does not count"
