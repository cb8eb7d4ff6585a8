# The stages in a file of their own, one of them by its number.
printf 'FROM python:3.11-alpine\nWORKDIR /app\nCOPY notes notes\nCOPY make.py .\nRUN python make.py\nFROM nginx\nCOPY --from=0 /app/site/ /usr/share/nginx/html/\n' > lean.Dockerfile
docker build -f lean.Dockerfile -t site:lean .
docker run -d -p 8080:80 site:lean
