"""Several processes: who handles which activity, and which signatures were used up."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLAIMED = sa.text("claimed_until IS NOT NULL")


def upgrade() -> None:
    """Bring the database one step forward."""
    op.add_column("journal", sa.Column("claimed_until", node.storage.columns.Moment(timezone=True), nullable=True))
    op.create_index("ix_journal_claimed", "journal", ["actor"], sqlite_where=CLAIMED, postgresql_where=CLAIMED)
    op.create_table(
        "used_signatures",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_used_signatures")),
    )
    with op.batch_alter_table("used_signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_signatures_at"), ["at"], unique=False)
