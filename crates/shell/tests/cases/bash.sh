# bash
a=(1 2 "3 4"); echo ${#a[@]} "${a[2]}" "${a[@]:1}"; a+=(5); for i in "${a[@]}"; do echo "<$i>"; done; echo ${!a[@]}; unset 'a[1]'; echo ${a[*]}
--- braces
echo {a,b}{1..3} x{,y}z {01..3} {c..a} {1..10..4} "{a,b}" a{b
--- replacement
s=hello; echo ${s/l/L} ${s//l/L} ${s/#he/HE} ${s/%lo/LO} ${s:1:3} ${s: -2} ${s^} ${s^^} ${s:0:1}
--- cond
[[ abc == a* && ! x < a ]] && echo yes; [[ foo123 =~ ^([a-z]+)([0-9]+)$ ]] && echo ${BASH_REMATCH[1]} ${BASH_REMATCH[2]}; [[ -n "" || 3 -gt 2 ]]; echo $?
--- arithmetic commands
((i=3, i++)); echo $i; for ((k=0; k<3; k++)); do echo -n "$k "; done; echo; let x=2**10; echo $x; (( 0 )); echo $?
--- here strings and ansi quotes
cat <<< "a b"; echo $'t\tn\n' | cat; read a b <<< "1 2 3"; echo "$b|$a"
--- pipefail
set -o pipefail; false | true; echo $? ${PIPESTATUS[@]}
--- associative
declare -A m=([k]=v); m[z]=1; echo ${m[k]} ${#m[@]} ${m[z]}
--- redirect both
{ echo a; echo b >&2; } &> f; cat f; { echo c; echo d >&2; } &>> f; cat f
--- local and declare
f() { local -i n=2+3; echo $n; declare -r c=1; echo $c; }; f; declare -x E=1; declare -p E
--- indirection and transform
x=y; y=z; echo ${!x}; s="a b"; echo ${s@Q}
--- case fall through
case a in a) echo 1;& b) echo 2;; c) echo 3;; esac; case a in a) echo 1;;& *) echo 4;; esac
--- printf v and q
printf -v v '%03d' 7; echo $v; printf '%q\n' "a b"
--- dirs
cd /tmp; pushd / >/dev/null; dirs; popd >/dev/null; pwd
--- select
printf '2\n9\n3\n' | select x in a b c; do echo "$x $REPLY"; [ $REPLY = 3 ] && break; done 2>/dev/null; echo $?
--- aliases
shopt -s expand_aliases
alias ll='echo listing' e='echo '
ll x
e ll
unalias ll; ll 2>/dev/null; echo $?
--- errors give up their line only
readonly a=1
a=2; echo no
echo hi $?; echo $((1/0)); echo no
(echo ${x:?a}) 2>/dev/null; echo $?
x='5'; echo ${x@A}
--- content of a file
printf 'one\ntwo\n\n' > f; x=$(<f); echo "[$x]"; echo "$(< nofile)" 2>/dev/null; echo $?
