[ "$(field shop .State.Status)" = running ] || untried
value=$(variable shop COLOUR)
[ "$value" = green ] && exit
[ "$value" = blue ] && ! changed shop.env && untried
[ -n "$value" ] || missing "in {shop} gibt es keine Variable {COLOUR}" "there is no variable {COLOUR} in {shop}"
missing "in {shop} ist {COLOUR} {$value} statt {green}" "in {shop} {COLOUR} is {$value} instead of {green}"
