docker image rm localhost:5000/tool:1 python:3.11-slim
