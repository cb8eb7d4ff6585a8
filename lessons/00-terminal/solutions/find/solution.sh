ls
cd desk/drawer
ls
cat note.txt
touch here
cd
