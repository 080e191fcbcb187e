"""Needs are split: which need a part came from, and its number."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was split yet."""
    op.add_column("notices", sa.Column("whole_id", sa.String(length=40), nullable=True))
    op.add_column("notices", sa.Column("number", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_notices_whole_id"), "notices", ["whole_id"], unique=False)


def downgrade() -> None:
    """The parts stay, and nobody knows that they were one."""
    op.drop_index(op.f("ix_notices_whole_id"), table_name="notices")
    op.drop_column("notices", "number")
    op.drop_column("notices", "whole_id")
