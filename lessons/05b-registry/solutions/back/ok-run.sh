docker run --rm localhost:5000/tool:1 python3 --version
