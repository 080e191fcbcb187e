"""What waits to be told to people, and the addresses of members who want to be told."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    moment = node.storage.columns.Moment(timezone=True)
    op.create_table(
        "tellings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=True),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_tellings_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_tellings_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("key", name=op.f("uq_tellings_key")),
    )
    op.create_index(op.f("ix_tellings_notice_id"), "tellings", ["notice_id"])
    op.create_index("ix_tellings_due", "tellings", ["way", "state", "due_at"])
    op.create_table(
        "mail_addresses",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_mail_addresses_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_mail_addresses")),
    )


def downgrade() -> None:
    """Nobody is told anything."""
    op.drop_table("mail_addresses")
    op.drop_table("tellings")
