"""Another community's Note as a feed item."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from node.domain.categories import BY_KEY
from node.domain.feed import FeedItem, FeedKind
from node.domain.notices import Urgency
from node.domain.peers import OwnActor
from node.domain.resources import LINE_LIMIT, Facts
from node.translate.notices import URGENCY_ON_WIRE
from node.translate.text import clean_html, plain_line, plain_text
from schemas.context import AID
from schemas.fields import is_public
from schemas.marketplace import Intent
from schemas.objects import Note, Resource

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
    kind = _kind(note, reception)
    intent = note.publishes if note.is_proposal else None
    facts = _facts(note.resource, reception) if kind is FeedKind.RESOURCE and note.resource is not None else None
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
        facts=facts,
        **(_terms(intent) if facts is None else _no_terms(facts.category)),
    )


def _kind(note: Note, reception: Reception) -> FeedKind:
    if not note.is_proposal:
        return FeedKind.RESOURCE if note.resource is not None else FeedKind.ANNOUNCEMENT
    if _is_capacity(note, reception):
        return FeedKind.CAPACITY
    return FeedKind.NEED if note.purpose == "request" else FeedKind.OFFER


def _is_capacity(note: Note, reception: Reception) -> bool:
    """What a neighbour could give now: told to neighbours alone, and with an end (protocol 2.13)."""
    is_for_peers = reception.received_by is OwnActor.PEERS and not is_public(note.to + note.cc)
    return bool(note.capacity) and note.purpose == "offer" and is_for_peers and note.end_time is not None


def _title(note: Note, intent: Intent | None) -> str:
    if intent is not None and intent.name:
        return plain_line(intent.name)[:TITLE_LIMIT]
    if note.resource is not None and note.resource.name:
        return plain_line(note.resource.name)[:TITLE_LIMIT]
    first = plain_text(note.content).partition("\n")[0]
    return plain_line(note.name or first or "(no words)")[:TITLE_LIMIT]


def _terms(intent: Intent | None) -> dict[str, Any]:
    if intent is None:
        return _no_terms("other")
    measure = intent.available_quantity or intent.resource_quantity
    return {
        "category": _category(intent.resource_conforms_to),
        "unit": plain_line(measure.has_unit)[:40] if measure else "one",
        "available": measure.has_numerical_value if measure else Decimal(1),
        "intent_id": intent.id,
    }


def _no_terms(category: str) -> dict[str, Any]:
    return {"category": category, "unit": "one", "available": None, "intent_id": None}


def _category(conforms_to: str | None) -> str:
    key = (conforms_to or "").removeprefix(AID)
    return key if key in BY_KEY else "other"


def _facts(resource: Resource, reception: Reception) -> Facts:
    """As its origin gives them, each one line of bounded length; nobody checked it later than it came here."""
    checked = min(resource.checked or reception.received_at, reception.received_at)
    return Facts(
        category=_category(resource.resource_conforms_to),
        where=_line(resource.where),
        checked_at=checked,
        hours=_line(resource.hours),
        reach=_line(resource.reach),
        asks_for=_line(resource.asks_for),
        no_id_needed=resource.no_id_needed,
    )


def _line(text: str | None) -> str:
    return plain_line(text or "")[:LINE_LIMIT]
