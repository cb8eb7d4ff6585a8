tool=$(image_id tool) || untried
image_id python:3.11-slim || missing "{python:3.11-slim} gibt es hier nicht mehr" "{python:3.11-slim} is not here any more"
docker run --rm --entrypoint python3 python:3.11-slim --version | grep -q 'Python 3\.11' || missing \
  "{python:3.11-slim} steht nicht mehr für Python 3.11" "{python:3.11-slim} does not stand for Python 3.11 any more"
# Before the note moves there was nothing to keep.
[ "$tool" != "$(image_id python:3.11-slim)" ] || untried
