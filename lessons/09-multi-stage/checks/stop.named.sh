image_id site:build || untried
docker run --rm --entrypoint sh site:build -c "command -v python" || missing "{site:build} ist nicht die erste Stufe: Python fehlt darin" \
  "{site:build} is not the first stage: it has no Python"
docker run --rm --entrypoint cat site:build site/index.html || missing "in {site:build} fehlt die Seite {site/index.html}" \
  "the page {site/index.html} is missing in {site:build}"
