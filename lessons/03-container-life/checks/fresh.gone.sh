case $(field diary .State.FinishedAt) in
  0001-*) ;;
  *) untried ;;
esac
docker cp -q diary:/note.txt "$OBSERVER/note" && missing "in {diary} liegt eine Notiz" "there is a note in {diary}"
exit 0
