#type docker run nginx
#wait 30
