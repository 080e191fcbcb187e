"""Shares as the API takes and shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from node.api.v1.fields import Answer, Body, Id, Instant, Query, Text, to_number
from node.domain.notices import TEXT_LIMIT, Kind
from node.domain.shares import LONGEST_LEASE_HOURS, SHORTEST_LEASE_HOURS, Level, RecipientState, ShareState


def _to_hours(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number or isinstance(value, str):
        return Decimal(str(value)) if str(value).replace(".", "", 1).isdecimal() else value
    return value


Hours = Annotated[
    Decimal,
    BeforeValidator(_to_hours),
    Field(ge=SHORTEST_LEASE_HOURS, le=LONGEST_LEASE_HOURS),
    PlainSerializer(to_number, return_type=int | float),
    WithJsonSchema({"type": "number", "minimum": float(SHORTEST_LEASE_HOURS), "maximum": int(LONGEST_LEASE_HOURS)}),
]
ShareText = Annotated[Text, Field(max_length=TEXT_LIMIT)]
PeerIds = Annotated[tuple[Id, ...], Field(max_length=500)]


class ShareBody(Body):
    """At which level, with whom (`peers`, for level `named`) and for how long a notice is shared.

    `text` replaces the notice's text in what is sent. `lease_hours` is 48 if left out. `override_category` is a
    steward's decision to show a notice about money, health, housing or safety publicly.
    """

    level: Level
    peers: PeerIds | None = None
    text: ShareText | None = None
    lease_hours: Hours | None = None
    reply_by: Instant | None = None
    override_category: bool = False


class PreviewQuery(Query):
    """What would be shared; the same words as in the body of the call that shares."""

    lists = frozenset({"peers"})

    level: Level
    peers: PeerIds = ()
    text: ShareText = ""
    lease_hours: Hours | None = None
    reply_by: Instant | None = None
    override_category: bool = False


class ShareLine(Answer):
    """One share. `object` is its ActivityPub id, never used again."""

    id: str
    object: str
    level: Level
    state: ShareState
    notice_id: str
    text: str
    peers: tuple[str, ...]
    lease_hours: float
    reply_by: datetime | None
    published: datetime
    updated: datetime
    ends_at: datetime


class RecipientAnswer(Answer):
    """One actor the share was sent to, or that fetched it."""

    actor: str
    name: str
    state: RecipientState
    changed_at: datetime


class ReceiptAnswer(Answer):
    """One recipient whose server says that its copy is erased."""

    actor: str
    name: str
    erased_at: datetime


class SharedNotice(Answer):
    """Which notice is shared."""

    id: str
    kind: Kind
    title: str
    status: str


class ShareRecord(ShareLine):
    """One share with who saw it, where each copy stands, and who has confirmed that it is erased."""

    notice: SharedNotice
    recipients: tuple[RecipientAnswer, ...]
    receipts: tuple[ReceiptAnswer, ...]


class ReaderAnswer(Answer):
    """A neighbouring community, and why it would not get the share; "" where it would."""

    peer: str
    name: str
    reason: str


class CheckAnswer(Answer):
    """What to look at before sharing: the text as readers see it, warnings, and what forbids it (or "").

    `readers` are the neighbouring communities it is for; none for a public one, which is for everybody.
    """

    html: str
    warnings: tuple[str, ...]
    blocked: str
    readers: tuple[ReaderAnswer, ...]
