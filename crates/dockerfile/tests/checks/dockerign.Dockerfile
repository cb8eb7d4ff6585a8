FROM alpine
COPY node_modules /x
