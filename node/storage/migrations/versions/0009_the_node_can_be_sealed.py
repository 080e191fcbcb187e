"""The node can be sealed: whether it takes two stewards, who asked, and since when it is."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=True),
        sa.Column("asked_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("sealed_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
    )
    with op.batch_alter_table("community") as batch_op:
        batch_op.add_column(sa.Column("seal_needs_two", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("community") as batch_op:
        batch_op.alter_column("seal_needs_two", existing_type=sa.Boolean(), server_default=None)
