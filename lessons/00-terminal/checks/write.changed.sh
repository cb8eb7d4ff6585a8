[ -e hello.txt ] || missing "{hello.txt} ist nicht mehr da" "{hello.txt} is gone"
changed hello.txt || untried
grep -q '[^[:space:]]' hello.txt || missing "{hello.txt} ist leer" "{hello.txt} is empty"
