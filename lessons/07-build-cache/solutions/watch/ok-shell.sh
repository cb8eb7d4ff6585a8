docker build -t notes .
sed -i 's/Hello/Hi/' main.py
docker build -t notes:latest .
