need_built script:2
docker run --rm script:2 | grep -q '^Python' || missing "{docker run script:2} scheitert: Fehlt eine Datei?" \
  "{docker run script:2} fails: is a file missing?"
