case $(field diary .State.FinishedAt) in
  '') untried ;;
  0001-*) docker cp -q diary:/note.txt "$OBSERVER/note" && untried ;;
esac
docker cp -q diary:/note.txt "$OBSERVER/note" || missing \
  "in {diary} gibt es keine Notiz: Ist es noch derselbe Container?" "there is no note in {diary}: is it still the same container?"
