docker image tag docker.io/library/python:3.11-slim tool:latest
