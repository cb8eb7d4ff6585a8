[ ! -e desk/drawer/here ] || exit 0
for folder in . desk; do
  [ ! -e "$folder/here" ] || missing "{here} liegt in {$folder}, nicht in {desk/drawer}" \
    "{here} is in {$folder}, not in {desk/drawer}"
done
untried
