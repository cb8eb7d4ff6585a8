image_id sum:thin || untried
need_built sum:thin
[ "$(docker run --rm sum:thin)" = 20000000 ] || missing "ein Container aus {sum:thin} gibt nicht {20000000} aus" \
  "a container from {sum:thin} does not print {20000000}"
