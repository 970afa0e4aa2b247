"""What alembic runs to migrate: the scripts, on the connection and in the transaction given."""

from alembic import context

from audiogroove.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
)
context.run_migrations()
