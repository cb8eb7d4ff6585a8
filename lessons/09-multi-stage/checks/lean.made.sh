# A note that nobody has seen yet must be on the page of the next build, with no page made on the machine before.
need_built site:lean
rm -rf site
echo "observer's own note" >notes/zz-observer.txt
made=
for file in Dockerfile *ockerfile*; do
  docker build -q -f "$file" -t observer:note . || continue
  made=$(docker run -d -P observer:note)
  sleep 1
  curl -s "localhost:$(host_port "$made")" | grep -qF "observer's own note" && exit 0
done
missing "Die Seite entsteht nicht im Build: Eine neue Notiz kommt beim nächsten Build nicht auf die Seite" \
  "the page is not made in the build: a new note is not on the page of the next build"
