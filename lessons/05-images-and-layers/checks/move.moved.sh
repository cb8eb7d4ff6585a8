new=$(image_id python:3.12-slim) || untried
old=$(image_id python:3.11-slim)
[ "$new" != "$old" ] || missing "jetzt steht {python:3.12-slim} für das alte Image: Bei {docker tag} kommt das Image zuerst, der neue Name zuletzt" \
  "now {python:3.12-slim} stands for the old image: with {docker tag} the image comes first, the new name last"
tool=$(image_id tool) || missing "ein Image {tool} gibt es nicht mehr" "there is no image {tool} any more"
[ "$tool" != "$new" ] || exit 0
[ "$tool" = "$old" ] || missing "{tool} steht für ein anderes Image als {python:3.12-slim}" "{tool} stands for another image than {python:3.12-slim}"
for name in $(docker image inspect --format '{{join .RepoTags " "}}' python:3.12-slim); do
  [ "$name" = python:3.12-slim ] || missing "{$name} ist ein weiterer Name, {tool} steht noch für {python:3.11-slim}" \
    "{$name} is one more name; {tool} still stands for {python:3.11-slim}"
done
untried
