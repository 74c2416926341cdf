"""The roof: the web application that servers and the command line load."""

from handlers.front import Front
from handlers.web import create_app

app = create_app()
front = Front(app)
