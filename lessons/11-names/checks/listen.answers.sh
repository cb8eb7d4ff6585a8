image_id status || untried
need_built status
need_port 8081 status
need_answer 8081
