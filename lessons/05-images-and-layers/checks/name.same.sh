wanted=$(image_id python:3.11-slim) || untried
if ! tool=$(image_id tool); then
  for name in $(docker image inspect --format '{{join .RepoTags " "}}' python:3.11-slim); do
    [ "$name" = python:3.11-slim ] || missing "das Image heißt jetzt auch {$name}; es soll auch {tool} heißen" \
      "the image is now called {$name}, too; it should also be called {tool}"
  done
  untried
fi
[ "$tool" = "$wanted" ] || missing "{tool} steht für ein anderes Image als {python:3.11-slim}" "{tool} stands for another image than {python:3.11-slim}"
