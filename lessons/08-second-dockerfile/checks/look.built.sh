need_built script:1
