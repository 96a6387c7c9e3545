"""Alembic's entry: it runs on the connection, and in the transaction, that `records.store.migrate` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
