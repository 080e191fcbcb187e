"""Places and services worth knowing, ours and those that other communities tell us of."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    moment = node.storage.columns.Moment(timezone=True)
    op.add_column("postings", sa.Column("category", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("postings", sa.Column("facts", sa.JSON(), nullable=True))
    op.add_column("postings", sa.Column("checked_at", moment, nullable=True))
    op.add_column("feed_items", sa.Column("facts", sa.JSON(), nullable=True))


def downgrade() -> None:
    """What was told of places goes, with how it was shared."""
    op.execute("DELETE FROM postings WHERE kind = 'resource'")
    op.execute("DELETE FROM feed_items WHERE kind = 'resource'")
    for table, name in (
        ("postings", "category"),
        ("postings", "facts"),
        ("postings", "checked_at"),
        ("feed_items", "facts"),
    ):
        op.drop_column(table, name)
