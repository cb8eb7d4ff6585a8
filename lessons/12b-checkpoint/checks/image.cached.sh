need_built counter:1.0
file=Dockerfile
[ -e Dockerfile ] || file=$(ls *ockerfile* | head -n 1)
# The same folder, with another program in it: does pip run once more?
docker build -q -f "$file" -t observer:before . || missing "das {$file} lässt sich nicht mehr bauen" "the {$file} cannot be built any more"
echo "# seen by nobody" >>main.py
docker build --progress=plain -f "$file" -t observer:after . >"$OBSERVER/log" 2>&1
step=$(grep -i '^#[0-9]* \[.*\] RUN .*pip.* install' "$OBSERVER/log" | head -n 1)
[ -n "$step" ] || missing "das {$file} installiert keine Pakete" "the {$file} installs no packages"
case $step in *type=cache*) exit 0 ;; esac
grep -q "^${step%% *} CACHED" "$OBSERVER/log" || missing "ist {main.py} geändert, installiert der Build die Pakete noch einmal" \
  "when {main.py} has changed, the build installs the packages once more"
