need_built notes:1.0
