need_built script:3
docker run --rm script:3 | grep -q '^Python' || missing "{docker run script:3} scheitert" "{docker run script:3} fails"
! docker run --rm script:3 | grep -qx 'user 0' || missing "{script:3} läuft noch als root" "{script:3} still runs as root"
