"""What a helping community asks for while its task runs: more time, in a few words."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has asked yet."""
    op.add_column("responses", sa.Column("more_until", node.storage.columns.Moment(timezone=True), nullable=True))
    op.add_column("responses", sa.Column("more_text", sa.Text(), nullable=True))
    op.add_column("responses", sa.Column("more_asked_at", node.storage.columns.Moment(timezone=True), nullable=True))


def downgrade() -> None:
    """What was asked for goes."""
    for name in ("more_asked_at", "more_text", "more_until"):
        op.drop_column("responses", name)
