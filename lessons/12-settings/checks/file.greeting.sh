[ "$(field shop .State.Status)" = running ] || untried
wanted=$(sed -n 's/^GREETING=//p' "$OBSERVER/given/shop.env")
value=$(variable shop GREETING) || {
  # As long as it is the first exercise's container nothing was tried.
  changed shop.env || untried
  missing "in {shop} gibt es keine Variable {GREETING}: Hat er die Datei bekommen?" "there is no variable {GREETING} in {shop}: did it get the file?"
}
[ "$value" = "$wanted" ] || missing "in {shop} ist {GREETING} {$value} statt {$wanted}" "in {shop} {GREETING} is {$value} instead of {$wanted}"
