from flask import Flask

app = Flask(__name__)


@app.route("/")
def status():
    return "All is well\n"


app.run(host="0.0.0.0", port=5000)
