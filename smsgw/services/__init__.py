"""VERBS: each does one thing the house does, inside a session that its caller opened."""
