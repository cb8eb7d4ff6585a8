need_new notes:1.0 main.py /app/main.py
need_built notes:1.0
