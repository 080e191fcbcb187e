"""Another community's Note as a feed item."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from node.domain.categories import BY_KEY
from node.domain.feed import FeedItem, FeedKind
from node.domain.notices import Urgency
from node.domain.peers import OwnActor
from node.translate.notices import URGENCY_ON_WIRE
from node.translate.text import clean_html, plain_line, plain_text
from schemas.context import AID
from schemas.fields import is_public
from schemas.marketplace import Intent
from schemas.objects import Note

URGENCY_IN_WORDS = {wire: urgency.value for urgency, wire in URGENCY_ON_WIRE.items()} | {"": Urgency.WHENEVER.value}
TITLE_LIMIT = 200


@dataclass(frozen=True)
class Reception:
    """How a Note came to us: our id for the copy, when, and for which of our actors."""

    item_id: str
    received_at: datetime
    received_by: OwnActor


def note_to_feed_item(note: Note, reception: Reception) -> FeedItem:
    """A received Note, cleaned for showing. Its text is the origin's; nothing of it is believed but by its origin."""
    kind = _kind(note)
    intent = note.publishes if kind is not FeedKind.ANNOUNCEMENT else None
    published = note.published or reception.received_at
    return FeedItem(
        id=reception.item_id,
        object_id=note.id,
        actor=note.attributed_to,
        kind=kind,
        title=_title(note, intent),
        html=clean_html(note.content),
        published_at=published,
        updated_at=note.updated or published,
        received_at=reception.received_at,
        ends_at=note.end_time,
        area=plain_line((note.location.name if note.location else None) or "")[:200],
        urgency=URGENCY_IN_WORDS.get(note.urgency or "", "") if intent else "",
        language=next(iter(note.content_map or {}), ""),
        status=note.status or "open",
        url=note.url,
        received_by=reception.received_by,
        public=is_public(note.to + note.cc),
        unit_based=note.unit_based is not False,
        **_terms(intent),
    )


def _kind(note: Note) -> FeedKind:
    if not note.is_proposal:
        return FeedKind.ANNOUNCEMENT
    return FeedKind.NEED if note.purpose == "request" else FeedKind.OFFER


def _title(note: Note, intent: Intent | None) -> str:
    if intent is not None and intent.name:
        return plain_line(intent.name)[:TITLE_LIMIT]
    first = plain_text(note.content).partition("\n")[0]
    return plain_line(note.name or first or "(no words)")[:TITLE_LIMIT]


def _terms(intent: Intent | None) -> dict[str, Any]:
    if intent is None:
        return {"category": "other", "unit": "one", "available": None, "intent_id": None}
    key = (intent.resource_conforms_to or "").removeprefix(AID)
    measure = intent.available_quantity or intent.resource_quantity
    return {
        "category": key if key in BY_KEY else "other",
        "unit": plain_line(measure.has_unit)[:40] if measure else "one",
        "available": measure.has_numerical_value if measure else Decimal(1),
        "intent_id": intent.id,
    }
