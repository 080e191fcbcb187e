"""What goes to each neighbouring community and what is taken in, by category; a copy asked back by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: What was agreed before stays as it was: everything went both ways.
_EVERYTHING = (
    '["groceries", "meals", "errands", "money", "housing", "transport", "baby", "care", "health", "listening", '
    '"translation", "forms", "goods", "repairs", "tech", "learning", "pets", "safety", "organising", "other"]'
)


def upgrade() -> None:
    """Bring the database one step forward."""
    for name in ("sends", "receives"):
        op.add_column("peers", sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text(f"'{_EVERYTHING}'")))
    op.add_column("shares", sa.Column("category", sa.String(length=40), nullable=False, server_default=""))
    op.execute(
        "UPDATE shares SET category = (SELECT notices.category FROM notices WHERE notices.id = shares.notice_id)"
    )
    op.add_column("share_recipients", sa.Column("asked_back_with", sa.String(length=500), nullable=True))
    op.create_index("ix_share_recipients_asked_back_with", "share_recipients", ["asked_back_with"])
