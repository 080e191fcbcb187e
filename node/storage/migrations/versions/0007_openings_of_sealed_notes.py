"""Openings of sealed notes, and the community's ways."""

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HERE = "opened a sealed note"
_THERE = "released details were read"
_AUDIT = sa.table(
    "audit",
    sa.column("id", sa.BigInteger),
    sa.column("at", node.storage.columns.Moment(timezone=True)),
    *(sa.column(name, sa.String) for name in ("member_id", "action", "subject", "detail")),
)
_OPENINGS = sa.table(
    "openings",
    sa.column("at", node.storage.columns.Moment(timezone=True)),
    sa.column("fields", sa.JSON),
    *(sa.column(name, sa.String) for name in ("id", "reason", "words", "member_id", "role", "reader", "notice_id")),
)


def upgrade() -> None:
    """Bring the database one step forward; what the audit log knew of openings moves over."""
    op.create_table(
        "openings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("reader", sa.String(length=500), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=True),
        sa.Column("response_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_openings_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_openings_response_id"), ["response_id"], unique=False)
        batch_op.create_index("ix_openings_member_id", ["member_id", "at"], unique=False)

    op.create_table(
        "ways",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ways")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_action", ["action"], unique=False)
    _move_openings()


def _move_openings() -> None:
    """Earlier, an opening was an audit line: `fields|why` for a member, `fields|actor` for another community."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_AUDIT).where(_AUDIT.c.action.in_((_HERE, _THERE)))).all():
        names, _, rest = row.detail.partition("|")
        is_ours = row.action == _HERE
        words = rest[:200] if is_ours else ""
        values = {
            "id": f"audit{row.id}",
            "at": row.at,
            "fields": [name for name in names.split(",") if name],
            "reason": "other" if words else "unsaid",
            "words": words,
            "member_id": row.member_id,
            "role": "",
            "reader": "" if is_ours else rest,
            "notice_id": row.subject,
        }
        connection.execute(sa.insert(_OPENINGS).values(values))
        connection.execute(sa.update(_AUDIT).where(_AUDIT.c.id == row.id).values(detail=names))
