need_built notes
set -- $(builds_of notes)
[ $# -ge 2 ] || missing "{notes} ist erst einmal gebaut" "{notes} was built only once"
changed main.py || missing "{main.py} ist noch, wie es war" "{main.py} is still as it was"
need_new notes main.py /app/main.py
