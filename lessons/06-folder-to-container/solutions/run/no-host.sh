# open: answers
# A server of the machine answers, not the app.
docker run -d notes:1.0
#type python3 -m http.server 8080
