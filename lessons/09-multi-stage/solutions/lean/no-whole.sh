# open: light
# The first stage with another name: Python is still in it.
docker build -t site:lean .
docker run -d -p 8080:8000 site:lean
