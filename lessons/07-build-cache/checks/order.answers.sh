need_built notes
docker build -q -t observer:now . || missing "das {Dockerfile} lässt sich nicht bauen" "the {Dockerfile} cannot be built"
app=$(docker run -d -p 49999:5000 observer:now)
sleep 2
answers http://localhost:49999/ || missing "die App startet nicht; {docker logs} sagt, warum" "the app does not start; {docker logs} says why"
cmp -s Dockerfile "$OBSERVER/given/Dockerfile" && untried
true
