from flask import Flask

app = Flask(__name__)


@app.route("/")
def status():
    return "All is well\n"


app.run(host="127.0.0.1", port=5000)
