if [ "$(field shop .State.Status)" != running ]; then
  [ -n "$(field shop .Id)" ] || untried
  missing "{shop} läuft nicht" "{shop} is not running"
fi
value=$(variable shop COLOUR) || missing "in {shop} gibt es keine Variable {COLOUR}" "there is no variable {COLOUR} in {shop}"
[ "$value" = blue ] || missing "in {shop} ist {COLOUR} nicht {blue}, sondern {$value}" "in {shop} {COLOUR} is not {blue}, but {$value}"
