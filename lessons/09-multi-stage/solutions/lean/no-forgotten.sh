# open: page
# nginx's own page: nothing was copied.
printf 'FROM python:3.11-slim AS build\nWORKDIR /app\nCOPY . .\nRUN python make.py\nFROM nginx:alpine\n' > Dockerfile
docker build -t site:lean .
docker run -d -p 8080:80 site:lean
