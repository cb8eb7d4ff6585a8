docker run --rm ubuntu
#fails docker run --rm ubuntu:latest ls /nowhere
