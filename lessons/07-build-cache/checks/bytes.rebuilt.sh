changed requirements.txt || untried
grep -q '^ *flask' requirements.txt || missing "in {requirements.txt} fehlt {flask}" "{flask} is missing in {requirements.txt}"
need_new notes requirements.txt /app/requirements.txt
