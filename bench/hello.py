"""The floor of every figure: the least a Flask application does."""

from flask import Flask

app = Flask(__name__)


@app.route("/", methods=["GET", "POST"])
def say_hello() -> str:
    return "hello"
