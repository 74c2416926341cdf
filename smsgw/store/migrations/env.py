"""Alembic's entry: runs the revisions in one transaction on the database that `migrate` names."""

from alembic import context

from smsgw.store.database import open_engine
from smsgw.store.tables import Base

engine = open_engine(context.config.attributes["url"])
with engine.execution_options(smsgw_writes=True).connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=sqlite, compare_type=False)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
