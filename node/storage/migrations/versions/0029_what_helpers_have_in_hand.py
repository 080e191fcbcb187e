"""Parts of needs that helpers have and whose hands are on them, matches, and when members want to be left in peace."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database one step forward."""
    op.create_table(
        "taken_parts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("quantity", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("taken_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_taken_parts_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_parts")),
    )
    op.create_index(op.f("ix_taken_parts_notice_id"), "taken_parts", ["notice_id"])
    op.create_table(
        "taken_by",
        sa.Column("part_id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("since", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_taken_by_member_id_members"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["taken_parts.id"], name=op.f("fk_taken_by_part_id_taken_parts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("part_id", "member_id", name=op.f("pk_taken_by")),
    )
    op.create_index(op.f("ix_taken_by_member_id"), "taken_by", ["member_id"])
    op.create_table(
        "matches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("need_id", sa.String(length=40), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("of_need", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("of_offer", node.storage.columns.Amount(length=40), nullable=False),
        sa.Column("created_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["notices.id"], name=op.f("fk_matches_need_id_notices"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["notices.id"], name=op.f("fk_matches_offer_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint("need_id", "offer_id", name=op.f("uq_matches_need_id")),
    )
    op.create_index(op.f("ix_matches_offer_id"), "matches", ["offer_id"])
    op.create_table(
        "quiet",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("enough_until", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.Column("since", sa.String(length=5), nullable=False),
        sa.Column("until", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_quiet_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_quiet")),
    )
