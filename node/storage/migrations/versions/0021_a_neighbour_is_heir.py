"""The neighbour named as heir, and locked copies that are held for others."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is named yet."""
    moment = node.storage.columns.Moment(timezone=True)
    op.create_table(
        "heirs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.String(length=40), nullable=False),
        sa.Column("chosen_at", moment, nullable=False),
        sa.Column("stewards", sa.Integer(), nullable=False),
        sa.Column("agreed_at", moment, nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.Column("opened_at", moment, nullable=True),
        sa.Column("key_wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("wraps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["peer_id"], ["peers.id"], name=op.f("fk_heirs_peer_id_peers"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heirs")),
    )
    op.create_table(
        "held_copies",
        sa.Column("peer_id", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", moment, nullable=False),
        sa.Column("tried_at", moment, nullable=False),
        sa.Column("dark_since", moment, nullable=True),
        sa.Column("opened_at", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["peer_id"], ["peers.id"], name=op.f("fk_held_copies_peer_id_peers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("peer_id", name=op.f("pk_held_copies")),
    )


def downgrade() -> None:
    """Copies are erased."""
    op.drop_table("held_copies")
    op.drop_table("heirs")
