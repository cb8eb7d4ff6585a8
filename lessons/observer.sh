# The words that checks are written with. A check is a script for sh that finds out whether a goal is
# reached. It runs as root in the student's home folder, in a copy of the machine that is thrown away
# afterwards: it may do anything, and nobody sees it. A check that comes to its end has found its goal
# reached. In what it says, {…} is shown as code.

# What is, and what should be, in German and in English. The goal stays open.
missing() { printf 'de: %s\nen: %s\n' "$1" "$2" >&3; exit 1; }
# Nothing was tried yet: the goal stays open, and nothing is said.
untried() { exit 1; }

# --- What is. These print, or answer by their status; they say nothing to the student.

# The full name of an image: `notes` is `docker.io/library/notes:latest`.
full_name() {
  _n=${1%@*}
  case ${_n##*/} in *:*) ;; *) _n=$_n:latest ;; esac
  case ${_n%%/*} in *.* | *:* | localhost) [ "$_n" != "${_n%%/*}" ] && { echo "$_n"; return; } ;; esac
  case $_n in */*) echo "docker.io/$_n" ;; *) echo "docker.io/library/$_n" ;; esac
}
# The ID that an image's name stands for now.
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null; }
# A field of a container: `field web .State.Status`.
field() { docker inspect --type container --format "{{$2}}" "$1" 2>/dev/null; }
# The value of a variable that a container was created with: `variable web COLOUR`.
variable() {
  _v=$(field "$1" 'range .Config.Env}}{{println .}}{{end' | grep "^$2=") && echo "${_v#*=}"
}
# All containers, newest first, as lines `name image-id image-name status`.
containers() {
  _all=$(docker ps -aq --no-trunc) && [ -n "$_all" ] || return
  docker inspect --type container --format '{{.Name}} {{.Image}} {{.Config.Image}} {{.State.Status}}' $_all | sed 's|^/||'
}
# The names of an image's containers, newest first: of those that run it now, and of those that were
# started by its name when that was another image. A second word is the status that they must have.
containers_of() {
  _id=$(image_id "$1")
  _full=$(full_name "$1")
  containers | while read -r _name _image _by _status; do
    [ "$_image" = "$_id" ] || [ "$(full_name "$_by")" = "$_full" ] || continue
    [ -z "$2" ] || [ "$2" = "$_status" ] || continue
    echo "$_name"
  done
}
# The names of an image's containers that ended with this status, removed ones too, as far as the engine remembers.
ended_by_event() {
  docker events --since 0 --until $(($(date +%s) + 1)) --filter event=die --filter "image=$1" \
    --format '{{.Actor.Attributes.exitCode}} {{.Actor.Attributes.name}}' | sed -n "s/^$2 //p"
}
# Whether a container is one of an image: `is_of web notes:1.0`.
is_of() {
  [ "$(field "$1" .Image)" = "$(image_id "$2")" ] || [ "$(full_name "$(field "$1" .Config.Image)")" = "$(full_name "$2")" ]
}
# The running container that a TCP port of the host leads to.
published() {
  for _c in $(docker ps -q); do
    docker port "$_c" | grep -q "/tcp -> .*:$1\$" && docker inspect --format '{{.Name}}' "$_c" | sed 's|^/||' && return
  done
  return 1
}
# The first port of the host that leads to a container: `host_port web`.
host_port() { docker port "$1" | sed -n '1s/.*://p'; }
# Whether a server answers with 200; $code is its HTTP status then, 000 if nobody answered.
answers() {
  code=$(curl -s -o /dev/null -w '%{http_code}' -m 10 "$1")
  [ "$code" = 200 ]
}
# The number of the latest build that made what an image's name stands for now.
built_here() {
  _id=$(image_id "$1") || return
  while IFS='|' read -r _number _state _image _line _tags; do
    [ "$_state" = done ] && [ "$_image" = "$_id" ] && echo "$_number" && return
  done <"$OBSERVER/builds"
  return 1
}
# The numbers of the builds that gave an image its name, newest first.
builds_of() {
  _full=$(full_name "$1")
  while IFS='|' read -r _number _state _image _line _tags; do
    [ "$_state" = done ] || continue
    for _tag in $_tags; do
      [ "$(full_name "$_tag")" = "$_full" ] && echo "$_number" && break
    done
  done <"$OBSERVER/builds"
}
# What became of the first step of a build that begins like this (cached, ran, failed, skipped, config).
step_of() {
  while IFS='|' read -r _number _state _text; do
    [ "$_number" = "$1" ] || continue
    case $_text in "$2"*) echo "$_state"; return ;; esac
  done <"$OBSERVER/steps"
  return 1
}
# Whether a file of the home folder is another one than at first.
changed() { ! cmp -s "$1" "$OBSERVER/given/$1"; }
# A file of an image, on standard output: `file_of notes:1.0 /app/main.py`.
file_of() {
  _c=$(docker create "$1" true) && docker cp -q "$_c:$2" "$OBSERVER/file" && cat "$OBSERVER/file"
}

# --- What should be. These end the check where it is not so, with the right words.

# An image of this name was built on this machine.
need_built() {
  if ! image_id "$1"; then
    IFS='|' read -r _number _state _image _line _tags <"$OBSERVER/builds" || untried
    case $_state in
      running) missing "der Build läuft noch" "the build is still running" ;;
      canceled) missing "der Build wurde abgebrochen" "the build was cancelled" ;;
      failed)
        [ -n "$_line" ] || missing "der letzte Build ist gescheitert" "the last build failed"
        missing "der letzte Build ist an Zeile $_line des Dockerfiles gescheitert" \
          "the last build failed at line $_line of the Dockerfile" ;;
    esac
    [ -n "$_tags" ] || missing "das gebaute Image hat keinen Namen; es soll {$1} heißen" \
      "the image that was built has no name; it should be called {$1}"
    missing "das gebaute Image heißt {$_tags}; es soll {$1} heißen" "the image that was built is called {$_tags}; it should be {$1}"
  fi
  built_here "$1" || missing "{$1} gibt es, es wurde aber nicht auf dieser Maschine gebaut" \
    "{$1} exists, but was not built on this machine"
}
# A container of this image runs.
need_running() {
  [ -z "$(containers_of "$1" running)" ] || return 0
  _c=$(containers_of "$1" | head -n 1)
  if [ -z "$_c" ]; then
    _c=$(containers | sed -n 's/ running$//p' | head -n 1)
    [ -n "$_c" ] || untried
    set -- $_c
    missing "{$1} läuft, aber aus {$3}" "{$1} runs, but from {$3}"
  fi
  case $(field "$_c" .State.Status) in
    created) missing "{$_c} wurde angelegt, aber nicht gestartet" "{$_c} was created, but not started" ;;
    paused) missing "{$_c} ist angehalten" "{$_c} is paused" ;;
  esac
  _code=$(field "$_c" .State.ExitCode)
  missing "{$_c} läuft nicht mehr (Status $_code); {docker logs $_c} sagt, warum" \
    "{$_c} does not run any more (status $_code); {docker logs $_c} says why"
}
# A port of the host leads to a running container of this image; its name is in $container then.
need_port() {
  container=$(published "$1")
  if [ -n "$container" ]; then
    is_of "$container" "$2" && return
    _by=$(field "$container" .Config.Image)
    missing "Port $1 führt zu {$container}, das aus {$_by} läuft" "port $1 leads to {$container}, which runs from {$_by}"
  fi
  container=$(containers_of "$2" running | head -n 1)
  [ -n "$container" ] || untried
  _port=$(host_port "$container")
  [ -z "$_port" ] || missing "{$container} läuft, veröffentlicht ist aber Port $_port, nicht $1" \
    "{$container} runs, but port $_port is published, not $1"
  missing "{$container} läuft, aber Port $1 ist nicht veröffentlicht" "{$container} runs, but port $1 is not published"
}
# A server answers on a port of the host.
need_answer() {
  answers "http://localhost:$1/" && return
  [ "$code" != 000 ] || missing "Port $1 ist veröffentlicht, aber dahinter antwortet niemand" \
    "port $1 is published, but nobody answers behind it"
  missing "Port $1 antwortet mit dem HTTP-Status $code" "port $1 answers with HTTP status $code"
}
# A file of the home folder was changed, and the image holds it as it is now: `need_new notes:1.0 main.py /app/main.py`.
need_new() {
  [ -e "$2" ] || missing "{$2} ist nicht mehr da" "{$2} is gone"
  changed "$2" || untried
  image_id "$1" || untried
  file_of "$1" "$3" | cmp -s - "$2" || missing "{$2} ist geändert, {$1} enthält aber noch den alten Stand" \
    "{$2} was changed, but {$1} still holds the old one"
}
