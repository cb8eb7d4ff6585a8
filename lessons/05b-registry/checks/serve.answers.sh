need_port 5000 registry:2
answers http://localhost:5000/v2/ || missing "Port 5000 führt zu {$container}, aber die Registry antwortet nicht" \
  "port 5000 leads to {$container}, but the registry does not answer"
