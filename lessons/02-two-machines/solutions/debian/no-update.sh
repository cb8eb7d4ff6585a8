# open: runs
# Without the list of packages there is no package.
#type docker run -it --name debian -v "$PWD:/app" debian
#type apt-get install -y python3
#key ^D
