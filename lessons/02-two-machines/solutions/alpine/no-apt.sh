# open: runs
#type docker run -it --name alpine -v "$PWD:/app" alpine
#type apt-get update
#type apt-get install -y python3
#key ^D
