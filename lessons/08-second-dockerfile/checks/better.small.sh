need_built script:3
docker run --rm script:3 | grep -q '^Python' || missing "{docker run script:3} scheitert" "{docker run script:3} fails"
size() { docker image inspect --format '{{.Size}}' "$1"; }
before=$(size script:1) || untried
[ "$(size script:3)" -lt $((before * 3 / 4)) ] || missing "{script:3} ist kaum kleiner als {script:1}" \
  "{script:3} is hardly smaller than {script:1}"
