"""Until when this community rests, and until when others said that they do."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet."""
    for table in ("community", "remote_actors"):
        op.add_column(table, sa.Column("resting_until", node.storage.columns.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    """Whoever rests is forgotten to rest."""
    for table in ("community", "remote_actors"):
        op.drop_column(table, "resting_until")
