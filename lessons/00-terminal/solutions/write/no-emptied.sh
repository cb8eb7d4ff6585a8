# open: changed
echo > hello.txt
