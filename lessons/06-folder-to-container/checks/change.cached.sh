set -- $(builds_of notes:1.0)
# The first build had nothing to take from.
[ $# -ge 2 ] || untried
case $(step_of "$1" 'RUN pip install') in
  cached) ;;
  '') missing "im Dockerfile steht kein {RUN pip install} mehr" "the Dockerfile has no {RUN pip install} any more" ;;
  *) missing "{RUN pip install} lief beim letzten Build noch einmal: Die Build-Ansicht sagt, warum" \
    "{RUN pip install} ran again in the last build: the build view says why" ;;
esac
