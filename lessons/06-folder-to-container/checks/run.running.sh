need_running notes:1.0
