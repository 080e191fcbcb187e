"""A first yes waits for a second one."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.create_table(
        "first_yeses",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_first_yeses")),
    )
