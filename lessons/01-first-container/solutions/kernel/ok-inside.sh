#type docker run -it alpine
#type uname -r
#type exit
