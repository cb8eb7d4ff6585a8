need_built script:2
docker run --rm --entrypoint cat script:2 /app/.env && missing "in {script:2} liegt {/app/.env}, und jeder kann es lesen" \
  "{/app/.env} is in {script:2}, and everybody can read it"
# What a later line deleted still lies in the layer below.
mkdir "$OBSERVER/saved"
docker save script:2 | tar -xC "$OBSERVER/saved"
for blob in $(find "$OBSERVER/saved/blobs" -type f); do
  { tar -tzf "$blob" || tar -tf "$blob"; } | grep -qE '(^|/)\.env$' && missing \
    "{.env} ist nicht mehr zu sehen, liegt aber noch in einer Schicht darunter" \
    "{.env} is no longer to be seen, but it still lies in a layer below"
done
true
