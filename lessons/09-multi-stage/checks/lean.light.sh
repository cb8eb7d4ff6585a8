image_id site:lean || untried
for python in python python3; do
  ! docker run --rm --entrypoint sh site:lean -c "command -v $python" || missing "in {site:lean} steckt noch Python" \
    "Python is still in {site:lean}"
done
