accept='application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json'
there=$(curl -sI -H "Accept: $accept" localhost:5000/v2/tool/manifests/1 | tr -d '\r' | sed -n 's/^Docker-Content-Digest: //p')
[ -n "$there" ] || untried
if ! image_id localhost:5000/tool:1; then
  ! image_id python:3.11-slim || missing "{python:3.11-slim} kommt von Docker Hub; gesucht ist das Image aus deiner Registry" \
    "{python:3.11-slim} comes from Docker Hub; the image from your registry is wanted"
  untried
fi
for digest in $(docker image inspect --format '{{join .RepoDigests " "}}' localhost:5000/tool:1); do
  [ "$digest" != "localhost:5000/tool@$there" ] || exit 0
done
missing "{localhost:5000/tool:1} hat hier einen anderen Digest als in der Registry" "{localhost:5000/tool:1} has another digest here than in the registry"
