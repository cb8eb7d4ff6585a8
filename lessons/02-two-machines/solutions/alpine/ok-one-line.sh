docker run alpine apk add --no-cache python3
