echo "Hello, Grace." > hello.txt
