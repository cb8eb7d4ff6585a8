# open: badly
# What cannot be found does not run at all.
docker run ubuntu
#fails docker run ubuntu nothing
