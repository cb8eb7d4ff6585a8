need_built counter:1.0
app=$(docker run -d -P counter:1.0)
sleep 2
[ "$(field "$app" .State.Status)" = running ] || missing "{counter:1.0} ist gebaut, die App darin läuft aber nicht" \
  "{counter:1.0} is built, but the app in it does not run"
