"""A community's pages are in the accent it chose."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Which accent; the usual one until a steward chooses."""
    op.add_column("community", sa.Column("accent", sa.String(length=20), nullable=False, server_default="green"))


def downgrade() -> None:
    """Everybody's pages look the same."""
    op.drop_column("community", "accent")
