"""Communities introduce each other."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A place for a neighbour's words about another community, and for ours."""
    op.create_table(
        "introductions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("activity_id", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=500), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("about_host", sa.String(length=255), nullable=False),
        sa.Column("about_name", sa.String(length=200), nullable=False),
        sa.Column("about_address", sa.String(length=500), nullable=False),
        sa.Column("about_summary", sa.Text(), nullable=False),
        sa.Column("about_url", sa.String(length=500), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("ends_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("is_set_aside", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_introductions_activity_id")),
        sa.UniqueConstraint("side", "sort", "host", "about_host", name=op.f("uq_introductions_side")),
    )
    with op.batch_alter_table("introductions") as batch_op:
        batch_op.create_index(batch_op.f("ix_introductions_ends_at"), ["ends_at"], unique=False)


def downgrade() -> None:
    """The words go."""
    op.drop_table("introductions")
