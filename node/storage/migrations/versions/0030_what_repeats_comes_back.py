"""What is wanted again and again comes back by itself: the day on which, and the day of its first round."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is closed already stays closed."""
    op.add_column("notices", sa.Column("returns_on", sa.Date(), nullable=True))
    op.add_column("notices", sa.Column("rounds_from", sa.Date(), nullable=True))


def downgrade() -> None:
    """What waits for its next round stays closed."""
    op.drop_column("notices", "rounds_from")
    op.drop_column("notices", "returns_on")
