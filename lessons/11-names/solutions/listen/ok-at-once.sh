sed -i 's/127.0.0.1/0.0.0.0/' status/main.py
cd status
docker build -t status .
docker run -d --network appnet -p 127.0.0.1:8081:5000 status
cd
