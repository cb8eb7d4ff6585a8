#save hello.txt
cat hello.txt
