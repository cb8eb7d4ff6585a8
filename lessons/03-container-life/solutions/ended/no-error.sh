# open: well
#fails docker run ubuntu ls /nowhere
