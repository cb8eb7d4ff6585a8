[ -e clock.log ] || untried
grep -q "by hand" clock.log && exit 0
pgrep -f clock.sh >/dev/null && missing "die Uhr läuft noch" "the clock is still running"
missing "die Uhr steht, aber nicht durch Strg+C" "the clock has stopped, but not by Ctrl+C"
