# open: rebuilt
echo "# nothing else" > requirements.txt
docker build -t notes .
