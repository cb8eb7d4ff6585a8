import redis
from flask import Flask

# Where the database is.
DB = "localhost"

app = Flask(__name__)
db = redis.Redis(host=DB, port=6379)


@app.route("/")
def visits():
    return f"{db.incr('visits')} visits\n"


app.run(host="0.0.0.0", port=5000)
