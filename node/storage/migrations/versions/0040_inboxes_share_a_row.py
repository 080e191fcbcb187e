"""Deliveries of one activity share a row, as long as nothing is known of any of them."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every delivery that waits has a row of its own, which is right, and its place in line.

    On SQLite, too, the number of a row never stands for another one later.
    """
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_index("ix_outbox_order", "outbox")
    op.add_column("outbox", sa.Column("inboxes", node.storage.columns.Texts, nullable=True))
    op.add_column("outbox", sa.Column("place", node.storage.columns.Sequence, nullable=True))
    alone = "json_array(inbox)" if is_sqlite else "ARRAY[inbox]"
    op.execute(f"UPDATE outbox SET place = id, inboxes = {alone}")
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("inboxes", nullable=False, existing_type=node.storage.columns.Texts)
        batch.alter_column("place", nullable=False, existing_type=node.storage.columns.Sequence)
        batch.drop_column("inbox")
    op.create_index("ix_outbox_order", "outbox", ["object_key", "place"])


def downgrade() -> None:
    """Each delivery in a row of its own again, in the same order."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_index("ix_outbox_order", "outbox")
    op.add_column("outbox", sa.Column("inbox", sa.String(length=500), nullable=True))
    kept = "activity_id, object_key, attempts, due_at, state, trouble"
    each = "json_each(waiting.inboxes) AS each" if is_sqlite else "unnest(waiting.inboxes) AS each(value)"
    most = op.get_bind().scalar(sa.text("SELECT coalesce(max(id), 0) FROM outbox"))
    op.execute(
        f"INSERT INTO outbox ({kept}, place, inboxes, inbox)"
        f" SELECT {kept}, place, inboxes, each.value FROM outbox AS waiting, {each} ORDER BY waiting.place, waiting.id"
    )
    op.execute(f"DELETE FROM outbox WHERE id <= {int(most)}")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("inbox", nullable=False, existing_type=sa.String(length=500))
        batch.drop_column("inboxes")
        batch.drop_column("place")
    op.create_index("ix_outbox_order", "outbox", ["object_key", "inbox", "id"])
