id=$(image_id python:3.11-slim) || untried
exact=$(docker image inspect --format '{{index .RepoDigests 0}}' python:3.11-slim)
for c in $(containers_of python:3.11-slim); do
  case $(field "$c" .Config.Image) in
    *@sha256:*) [ "$(field "$c" .Image)" = "$id" ] && [ "$(field "$c" .State.ExitCode)" = 0 ] &&
      [ "$(field "$c" .State.Status)" != created ] && exit ;;
  esac
done
[ -z "$(ended_by_event "$exact" 0)" ] || exit 0
# The third exercise ends with containers from the tag: only a new one was an attempt.
[ "$(ended_by_event python:3.11-slim 0 | wc -l)" -gt 1 ] || untried
missing "gestartet wurde wieder {python:3.11-slim}; gesucht ist der Name mit dem Digest: {python@sha256:…}" \
  "{python:3.11-slim} was started again; the name with the digest is wanted: {python@sha256:…}"
