# open: answers
# The same container again: it keeps its image.
#save main.py
docker build -t notes:1.0 .
docker restart web
