"""WORK THAT WAITS: RQ lives here only."""
