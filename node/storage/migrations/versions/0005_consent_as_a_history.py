"""Consent as a history, and people to ask first."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

import node.storage.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: What the pages said of each use until now. Nobody noted which way somebody came in, so the channel is unknown.
SHOWN = {
    "dispatchers": "Only the dispatchers. The few people here who read what comes in and look for a match.",
    "board": "Helpers of this community too. They see the words below, not your name or how to reach you.",
    "peers": "Neighbouring communities too. They see the words below, without your name, address or number. "
    "A dispatcher decides whether to ask.",
    "public": "Everyone. The words of your %s may be published where anybody can read them. "
    "Never your name, address or number.",
}
CALLED = {"need": "request", "offer": "offer"}
LANGUAGE = "en"
CHANNEL = "unknown"

NOTICES = sa.table(
    "notices",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("consent_board", sa.Boolean),
    sa.column("consent_peers", sa.JSON),
    sa.column("consent_public", sa.Boolean),
    sa.column("created_at", node.storage.columns.Moment(timezone=True)),
)
AUDIT = sa.table(
    "audit",
    sa.column("id", sa.Integer),
    sa.column("member_id", sa.String),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
)


def upgrade() -> None:
    """Bring the database one step forward."""
    consents = op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("peer_id", sa.String(length=40), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_consents_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_notice_id"), "consents", ["notice_id"], unique=False)
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("due_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("noted_at", node.storage.columns.Moment(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=True),
        sa.Column("settled_at", node.storage.columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_call_backs_notice_id_notices"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(op.f("ix_call_backs_notice_id"), "call_backs", ["notice_id"], unique=False)
    op.create_index(op.f("ix_call_backs_settled_at"), "call_backs", ["settled_at", "due_at"], unique=False)
    _write_down_what_was_agreed(consents)


def _write_down_what_was_agreed(consents: sa.Table) -> None:
    database = op.get_bind()
    took_in = {
        row.subject: row.member_id
        for row in database.execute(sa.select(AUDIT).where(AUDIT.c.action.like("took in a %")).order_by(AUDIT.c.id))
    }
    rows = [
        {
            "notice_id": notice.id,
            "use": use,
            "peer_id": peer,
            "given": True,
            "wording": _shown(use, notice.kind),
            "language": LANGUAGE,
            "channel": CHANNEL,
            "member_id": took_in.get(notice.id),
            "at": notice.created_at,
        }
        for notice in database.execute(sa.select(NOTICES).order_by(NOTICES.c.created_at, NOTICES.c.id))
        for use, peer in _agreed(notice)
    ]
    if rows:
        op.bulk_insert(consents, rows)


def _agreed(notice: sa.Row[Any]) -> Iterator[tuple[str, str]]:
    yield "dispatchers", ""
    if notice.consent_board:
        yield "board", ""
    if notice.consent_peers == "all":
        yield "peers", ""
    else:
        yield from (("named", peer) for peer in notice.consent_peers)
    if notice.consent_public:
        yield "public", ""


def _shown(use: str, kind: str) -> str:
    shown = SHOWN["peers" if use == "named" else use]
    return shown % CALLED[kind] if use == "public" else shown
