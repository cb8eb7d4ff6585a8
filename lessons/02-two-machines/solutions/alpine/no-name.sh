# open: runs
# Here the package has no other name than python3.
#fails docker run alpine apk add python
