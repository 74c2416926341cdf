"""DOORS: one per kind of caller; Flask lives here and in app.py only."""
