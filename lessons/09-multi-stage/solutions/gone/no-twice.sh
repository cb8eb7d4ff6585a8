# open: thin
# To delete it once more does not help.
echo 'RUN rm -f /tmp/work' >> sum/Dockerfile
docker build -t sum:thin sum
