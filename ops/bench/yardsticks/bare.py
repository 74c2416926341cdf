"""The least a webhook can do: Flask views that read the form and answer."""

from flask import Flask, Response, request

from ops.bench.forms import PATH, USSD_PATH

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

app = Flask(__name__)


@app.post(PATH)
def text_arrives() -> Response:
    """Nothing is checked, kept or woken."""
    form = request.form
    _ = form["MessageSid"], form["From"], form["Body"]
    return Response(EMPTY, mimetype="text/xml")


@app.post(USSD_PATH)
def key_pressed() -> Response:
    """The same screen, whatever was typed."""
    form = request.form
    _ = form["sessionId"], form["phoneNumber"], form["text"]
    return Response("CON 1 Gui phan anh\n2 Tra cuu", mimetype="text/plain")


@app.get("/healthz")
def process() -> str:
    """This process answers."""
    return "ok"
