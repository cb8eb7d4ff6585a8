# bash dash ash
x='a  b'; echo $x "$x" '$x' \$x
--- defaults
unset u; e=; echo ${u-d} ${e-d} ${u:-d} ${e:-d} ${u+s} ${e+s} ${e:+s}.; echo ${n:=set} $n
--- prefixes
f=/usr/local/lib/x.tar.gz; echo ${f#*/} ${f##*/} ${f%.*} ${f%%.*} ${#f}
--- splitting
IFS=:; p=a:b::c; set -- $p; echo $#; for i in $p; do echo "[$i]"; done
--- at and star
set -- 'a b' c; for i in "$@"; do echo "<$i>"; done; for i in "$*"; do echo "<$i>"; done; for i in $@; do echo "<$i>"; done; set --; echo "n$#" "$@" x
--- nested quotes
echo "a $(echo "b $(echo "c d")") e" `echo f \`echo g\``
--- arithmetic
i=5; echo $((i*2+1)) $((i > 3 && i < 10)) $((-7 / 2)) $((-7 % 3)) $(( (1+2)*3 )) $((0x1f + 010)) $((i << 2 | 1)); echo $((i = 7)) $i
--- here documents
x=5
cat <<E
a $x $((x+1)) $(echo sub) \$x
E
cat <<'E'
a $x
E
cat <<-E
	tab
	E
--- tilde and empty
HOME=/h; echo ~ ~/x "~" a~ x=~; y=~/z; echo $y; echo "" '' | cat
--- globs
mkdir d; cd d; touch a.c b.c .h; echo *.c *.x [ab].c ?.c "*.c"; cd ..; echo d/*
