import os

from flask import Flask

# The number of visits lies in this file.
FILE = "/data/visits.txt"

app = Flask(__name__)


def count():
    os.makedirs("/data", exist_ok=True)
    visits = 0
    if os.path.exists(FILE):
        with open(FILE) as file:
            visits = int(file.read())
    with open(FILE, "w") as file:
        file.write(str(visits + 1))
    return visits + 1


@app.route("/")
def home():
    return f"{os.environ.get('GREETING', 'Hello')}: {count()} visits\n"


app.run(host="0.0.0.0", port=5000)
