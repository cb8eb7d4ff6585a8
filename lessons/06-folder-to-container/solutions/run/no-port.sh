# open: answers
# EXPOSE publishes nothing.
docker run -d --name web notes:1.0
