"""Alembic's entry: runs on the connection that `node.storage.migrate` hands over."""

from alembic import context

from node.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
