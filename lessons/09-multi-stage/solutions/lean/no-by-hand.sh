# open: made
# The page was made on the machine, not in the build.
python3 make.py
printf 'FROM nginx:alpine\nCOPY site /usr/share/nginx/html\n' > Dockerfile
docker build -t site:lean .
docker run -d -p 8080:80 site:lean
