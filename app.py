"""The roof: the web application that servers and the command line load."""

from handlers.web import create_app

app = create_app()
