# bash dash ash
for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; echo $?
--- while
i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done; until false; do break; done; echo $?
--- case
for w in a.txt b.md xyz; do case $w in *.txt|*.md) echo doc $w;; x?z) echo xyz;; *) echo other; esac; done
--- functions
f() { local a=$1; echo "$a $#"; return 4; }; f x y; echo $?; a=1; g() { a=2; }; g; echo $a
--- and or
true && echo a || echo b; false && echo a || echo b; ! false && echo c; false; echo $?; (exit 5); echo $?
--- subshell
x=1; (x=2; echo $x); echo $x; { x=3; echo $x; }; echo $x
--- pipelines
printf 'c\na\nb\n' | sort | head -n 2; echo x | { read y; echo "got $y"; }; false | true; echo $?
--- nested loops
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done
--- errexit
set -e; f() { false; echo inside; }; f || echo ored; if false; then :; fi; ! true; echo alive; false; echo dead
--- exit trap
trap 'echo bye $?' EXIT; echo hi; exit 3
--- signals
trap 'echo got' USR1; kill -USR1 $$; echo after; trap - USR1; kill -TERM $$; echo no
--- background
{ sleep 0.1; echo late; } & echo early; wait; echo done; sleep 0.05 & wait $!; echo $?; (exit 7) & wait $!; echo $?
--- redirections
echo a > f; echo b >> f; cat < f; { echo out; echo err >&2; } > o 2>&1; cat o; exec 3>g; echo three >&3; exec 3>&-; cat g; cat nofile 2>/dev/null || echo failed
--- eval and dot
eval 'x=1; echo $x'; echo 'y=2; return 3; echo no' > s; . ./s; echo $? $y; set -- a b c; shift; echo $1 $#
--- getopts
set -- -a -b val rest; while getopts ab: o; do echo "$o $OPTARG"; done; shift $((OPTIND-1)); echo $1
--- read
printf 'a b  c\nx\\y\nlast' > in; { read p q; echo "$p|$q"; read -r r; echo "$r"; read z; echo "$? $z"; } < in
--- printf
printf '%s-%d|%5s|%-5s|%05d|%x|%c\n' a 1 b c 42 255 xyz; printf '%s\n' a b c; printf '%b' 'a\tb\n'; printf '%.2f\n' 3.14159
--- test
[ a = a ] && [ 2 -gt 1 ] && [ ! -e nofile ] && [ -n x ] && [ -z "" ] && echo ok; [ -d . ] && [ -f nofile ] || echo second; test 1 -eq 2; echo $?
--- assignments before commands
x=1; x=2 sh -c 'echo $x'; echo $x; export y=3; sh -c 'echo $y'; unset y; sh -c 'echo "[$y]"'
--- command
command -v cd; command -v sort >/dev/null && echo found; command -v nope; echo $?; type cd
--- umask and cd
umask 027; umask; mkdir -p a/b; cd a/b; cd ..; [ -d b ] && echo here; cd - >/dev/null; cd /tmp/../; pwd
