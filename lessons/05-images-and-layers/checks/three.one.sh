with=0 all=0
for c in $(containers_of alpine); do
  all=$((all + 1))
  ! docker cp -q "$c:/note.txt" "$OBSERVER/note" || with=$((with + 1))
done
[ $all -gt 0 ] || untried
if [ $with -eq 0 ]; then
  ! [ -e note.txt ] && ! [ -e /note.txt ] || missing "{note.txt} liegt auf der Maschine, nicht in einem Container" \
    "{note.txt} lies on the machine, not in a container"
  untried
fi
[ $with -eq 1 ] || missing "{/note.txt} liegt in $with Containern, es soll nur einer sein" "{/note.txt} lies in $with containers; it should be just one"
[ $all -ge 3 ] || missing "es gibt erst $all Container aus {alpine}" "there are only $all containers from {alpine} so far"
