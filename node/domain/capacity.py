"""What a community could give now, with no person in it; and which of it fits a need."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from node.domain.categories import BY_KEY
from node.domain.errors import Invalid
from node.domain.feed import FeedItem
from node.domain.notices import TITLE_LIMIT, UNITS, Kind, Notice, quantity_fault
from node.domain.phrases import say

#: What could be given in three months is no word about now.
LONGEST_LIFE = timedelta(days=60)


@dataclass(frozen=True)
class CapacityDraft:
    """What somebody typed: such as "30 boxes, Thursday"."""

    title: str
    category: str
    quantity: Decimal = Decimal(1)
    unit: str = "one"
    until: datetime | None = None


@dataclass(frozen=True)
class Capacity:
    """What we could give, until `until`; `ended_at` is when it was taken back, or newer words took its place."""

    id: str
    title: str
    category: str
    quantity: Decimal
    unit: str
    until: datetime
    written_at: datetime
    ended_at: datetime | None = None

    def is_current(self, now: datetime) -> bool:
        """It still holds."""
        return self.ended_at is None and self.until > now


class Reason(StrEnum):
    """Why a community's capacity stands beside a need, in the order in which they stand there."""

    ALL = "all"
    PART = "part"
    OTHER_UNIT = "other unit"


def check_draft(draft: CapacityDraft, now: datetime) -> CapacityDraft:
    """The draft with spaces trimmed, or Invalid naming every field that cannot stand."""
    trimmed = replace(draft, title=" ".join(draft.title.split()))
    faults = {
        "title": _title_fault(trimmed.title),
        "category": "" if trimmed.category in BY_KEY else say("Choose one of the list."),
        "quantity": quantity_fault(trimmed.quantity),
        "unit": "" if trimmed.unit in UNITS else say("Choose one of: %(words)s.", words=", ".join(UNITS)),
        "until": _end_fault(trimmed.until, now),
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    return trimmed


def reason_for(need: Notice, item: FeedItem, now: datetime) -> Reason | None:
    """Why what a neighbour could give may be what is needed here; None where it is of another kind, or over.

    It compares the category, then what is counted and how much is still open. Nobody is compared with anybody.
    """
    if need.kind != Kind.NEED or need.is_closed or need.remaining <= 0 or item.category != need.wording.category:
        return None
    if item.ends_at is None or item.ends_at <= now or not item.is_open:
        return None
    if item.unit != need.wording.unit or item.available is None:
        return Reason.OTHER_UNIT
    return Reason.ALL if item.available >= need.remaining else Reason.PART


def _title_fault(title: str) -> str:
    if not title:
        return say("Say in a few words what you could give.")
    return "" if len(title) <= TITLE_LIMIT else say("Please use at most %(most)s characters.", most=TITLE_LIMIT)


def _end_fault(until: datetime | None, now: datetime) -> str:
    if until is None:
        return say("Say until which day.")
    if until <= now:
        return say("Choose a day that is still to come.")
    return (
        ""
        if until <= now + LONGEST_LIFE
        else say("Choose a day within the next %(days)s days.", days=LONGEST_LIFE.days)
    )
