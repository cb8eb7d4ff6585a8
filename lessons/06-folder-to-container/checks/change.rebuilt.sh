need_new notes:1.0 main.py /app/main.py
