#type docker run -p 8081:80 nginx:latest
