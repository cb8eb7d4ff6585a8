# open: running
# What stands behind the image is the command.
docker run -d notes:1.0 -p 8080:5000 --name web
