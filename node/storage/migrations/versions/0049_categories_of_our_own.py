"""Needs, offers and resources may stand in a category of the community's own, beside the one it is most like."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None does yet."""
    for table in ("notices", "postings"):
        op.add_column(table, sa.Column("own_category", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    """They stand in the one it is most like."""
    for table in ("postings", "notices"):
        op.drop_column(table, "own_category")
