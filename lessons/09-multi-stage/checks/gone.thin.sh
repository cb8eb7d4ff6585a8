image_id sum:thin || untried
size=0
for step in $(docker history --human=false --format '{{.Size}}' sum:thin); do size=$((size + step)); done
[ $size -lt 15000000 ] || missing "die Schichten von {sum:thin} haben zusammen $((size / 1000000)) MB: {docker history sum:thin} zeigt, wo" \
  "the layers of {sum:thin} have $((size / 1000000)) MB together: {docker history sum:thin} shows where"
