image_id counter:1.0 || untried
need_port 8080 counter:1.0
need_answer 8080
wanted=$(sed -n 's/^GREETING=//p' counter.env)
! docker image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' counter:1.0 | grep -q '^GREETING=' || missing \
  "{GREETING} steht schon im Image: Für jeden Gruß müsste man neu bauen" "{GREETING} is in the image already: each greeting would need a build"
said=$(curl -s localhost:8080)
[ "${said%%:*}" = "$wanted" ] || missing "Port 8080 grüßt mit {${said%%:*}}, in {counter.env} steht {$wanted}" \
  "port 8080 greets with {${said%%:*}}, but {counter.env} says {$wanted}"
