# check=experimental=all
FROM alpine
COPY node_modules /x
