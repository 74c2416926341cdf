"""MEMORY: SQLAlchemy and Alembic live here only."""
