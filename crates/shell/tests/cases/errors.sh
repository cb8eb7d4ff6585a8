# bash dash stderr
foo
--- paren
echo )
--- quote
echo "a
--- unfinished
if true
--- cd
cd nope
--- not executable
./nope; /etc; echo $?; /etc/passwd; echo $?
--- unset variable
set -u; echo $x; echo hi
--- parameter error
echo ${x:?bad thing}; echo hi
--- readonly
readonly a=1; a=2; echo hi
--- fi
fi
--- then
if true; then fi
--- division
echo $((1/0)); echo hi
--- operand
echo $((1+)); echo hi
--- bad substitution
echo ${x y}; echo k
--- open
cat < /nope; echo > /nope/x; echo hi
--- exit number
exit abc
--- dot
. ./nope; echo hi
--- earlier lines run
echo first
d ( e
--- test
test a b; [ 1 -eq x ]; [ a
--- descriptor
echo a >&7; echo $?
--- umask
umask 9
--- for name
for 1x in a; do :; done
