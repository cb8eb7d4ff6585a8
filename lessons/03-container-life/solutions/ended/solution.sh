docker run ubuntu
docker ps -a
#fails docker run ubuntu ls /nowhere
docker ps -a
