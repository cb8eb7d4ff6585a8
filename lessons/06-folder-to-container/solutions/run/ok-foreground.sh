#type docker run -p 127.0.0.1:8080:5000 notes:1.0
