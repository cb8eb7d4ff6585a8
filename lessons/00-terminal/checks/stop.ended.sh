[ -e clock.log ] || untried
! pgrep -f clock.sh >/dev/null || missing "die Uhr läuft noch" "the clock is still running"
