echo "# that is all" >> requirements.txt
docker build -t notes .
