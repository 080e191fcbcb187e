"""Deliveries about one object lie side by side in the index that keeps them in order."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The object before the inbox."""
    op.drop_index("ix_outbox_order", "outbox")
    op.create_index("ix_outbox_order", "outbox", ["object_key", "inbox", "id"])


def downgrade() -> None:
    """The inbox before the object."""
    op.drop_index("ix_outbox_order", "outbox")
    op.create_index("ix_outbox_order", "outbox", ["inbox", "object_key", "id"])
