need_built notes
# The same folder, with another program in it: does pip run once more?
docker build -t observer:before .
echo "# seen by nobody" >>main.py
docker build --progress=plain -t observer:after . >"$OBSERVER/log" 2>&1
step=$(grep -i '^#[0-9]* \[.*\] RUN .*pip.* install' "$OBSERVER/log" | head -n 1)
[ -n "$step" ] || missing "das {Dockerfile} installiert keine Pakete mehr" "the {Dockerfile} installs no packages any more"
case $step in *type=cache*) exit 0 ;; esac
grep -q "^${step%% *} CACHED" "$OBSERVER/log" || missing \
  "ist {main.py} geändert, installiert der Build die Pakete noch einmal" \
  "when {main.py} has changed, the build installs the packages once more"
