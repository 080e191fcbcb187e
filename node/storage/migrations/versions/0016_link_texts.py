"""What communities write to whoever links with them, and what stood there when they said yes."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has written anything yet."""
    op.add_column("community", sa.Column("link_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("remote_actors", sa.Column("link_text", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "link_texts",
        sa.Column("peer_id", sa.String(length=40), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["peer_id"], ["peers.id"], name=op.f("fk_link_texts_peer_id_peers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("peer_id", name=op.f("pk_link_texts")),
    )
