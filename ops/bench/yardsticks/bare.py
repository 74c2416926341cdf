"""The least a webhook can do: a Flask view that reads the form and answers."""

from flask import Flask, Response, request

from ops.bench.forms import PATH

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

app = Flask(__name__)


@app.post(PATH)
def text_arrives() -> Response:
    """Nothing is checked, kept or woken."""
    form = request.form
    _ = form["MessageSid"], form["From"], form["Body"]
    return Response(EMPTY, mimetype="text/xml")


@app.get("/healthz")
def process() -> str:
    """This process answers."""
    return "ok"
