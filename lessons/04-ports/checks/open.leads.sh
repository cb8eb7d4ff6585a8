need_port 8080 nginx
