"""Alembic's entry: runs the migrations on the connection the store hands over."""

from alembic import context

from gridapp.records.base import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False, transactional_ddl=False)
context.run_migrations()
