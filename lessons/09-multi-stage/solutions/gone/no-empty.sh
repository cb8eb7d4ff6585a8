# open: result
# Without the work there is no result.
printf 'FROM alpine\nCMD ["cat", "/result.txt"]\n' > sum/Dockerfile
docker build -t sum:thin sum
