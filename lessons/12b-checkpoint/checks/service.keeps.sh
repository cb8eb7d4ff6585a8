image_id counter:1.0 || untried
container=$(published 8080) || container=$(containers_of counter:1.0 running | head -n 1)
[ -n "$container" ] || untried
set -- $(field "$container" 'range .Mounts}}{{.Type}} {{.Destination}} {{if .Name}}{{.Name}}{{else}}{{.Source}}{{end}} {{end')
place=
while [ $# -ge 3 ]; do
  case $2 in /data | /data/) place=$3 ;; esac
  [ "$2" != / ] || place=$3
  shift 3
done
[ -n "$place" ] || missing "an {/data} von {$container} hängt nichts: Mit dem Container ginge die Zahl verloren" \
  "nothing is mounted at {/data} of {$container}: the number would go with the container"
case $place in
  *[!0-9a-f]* | ?????????????????????????????????????????????????????????????????) ;;
  ????????????????????????????????????????????????????????????????) missing "das Volume an {/data} hat keinen Namen: Ein neuer Container fände es nicht" \
    "the volume at {/data} has no name: a new container would not find it" ;;
esac
visits() { curl -s "localhost:$(host_port "$1")" | sed 's/.*: \([0-9]*\) visits.*/\1/'; }
before=$(visits "$container")
docker rm -f "$container"
next=$(docker run -d -p 49998:5000 -v "$place:/data" counter:1.0)
sleep 2
[ "$(visits "$next")" = $((before + 1)) ] || missing "ein neuer Container mit {$place} zählt nicht weiter" \
  "a new container with {$place} does not go on counting"
