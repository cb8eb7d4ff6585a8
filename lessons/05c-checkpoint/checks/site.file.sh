container=$(published 8080) || untried
! answers http://localhost:8080/hello.txt || exit 0
[ "$code" != 000 ] || missing "auf Port 8080 antwortet niemand" "nobody answers on port 8080"
! docker cp -q "$container:/hello.txt" "$OBSERVER/hello" || missing \
  "{hello.txt} liegt in {$container}, aber nicht in dem Ordner, den der Webserver zeigt" \
  "{hello.txt} lies in {$container}, but not in the folder that the web server shows"
! [ -e hello.txt ] || missing "{hello.txt} liegt auf der Maschine, nicht im Container" "{hello.txt} lies on the machine, not in the container"
for c in $(containers_of nginx); do
  ! docker cp -q "$c:/usr/share/nginx/html/hello.txt" "$OBSERVER/hello" || missing \
    "{hello.txt} liegt in {$c}, Port 8080 führt aber zu {$container}" "{hello.txt} lies in {$c}, but port 8080 leads to {$container}"
done
untried
