"""DATA a locality edits, and the one room that reads it from disk."""
