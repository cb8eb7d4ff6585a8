need_port 8080 notes:1.0
need_answer 8080
