#type docker run alpine sleep 600
