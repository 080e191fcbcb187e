"""A picture of its own beside the community's name."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    op.add_column("community", sa.Column("logo", sa.String(length=40), nullable=False, server_default=""))
    for side in ("logo_width", "logo_height"):
        op.add_column("community", sa.Column(side, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "logo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
    )


def downgrade() -> None:
    """The pictures are gone."""
    op.drop_table("logo")
    for column in ("logo_height", "logo_width", "logo"):
        op.drop_column("community", column)
