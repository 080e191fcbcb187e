"""When the neighbour that was named as heir said that it cannot hold a copy."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet."""
    op.add_column("heirs", sa.Column("refused_at", node.storage.columns.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    """What was said goes."""
    op.drop_column("heirs", "refused_at")
