"""What followed communities show us. Copies, kept no longer than their end time plus seven days."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Self

from node.domain.peers import host_of
from node.domain.resources import Facts

KEPT_AFTER_END = timedelta(days=7)
FRESH = timedelta(hours=24)
#: A plain post has no end time of its own.
POST_LIFE = timedelta(days=30)
#: An end time of the year 9999 must not lead beyond what a datetime can say.
_LAST_END = datetime.max.replace(tzinfo=UTC) - KEPT_AFTER_END


class FeedKind(StrEnum):
    """A plain Note of a followed actor is an announcement; one that tells of a place or service, a resource.

    What a neighbour could give now stands apart from the feed.
    """

    NEED = "need"
    OFFER = "offer"
    ANNOUNCEMENT = "announcement"
    RESOURCE = "resource"
    CAPACITY = "capacity"


@dataclass(frozen=True)
class FeedItem:
    """A notice of another community. `html` is already cleaned; `status` is the origin's word.

    `received_by` are our actors that it was delivered or visible to: we answer as the first of them. `checked_at` is
    when its origin last gave this very wording.
    """

    id: str
    object_id: str
    actor: str
    kind: FeedKind
    title: str
    html: str
    published_at: datetime
    updated_at: datetime
    received_at: datetime
    ends_at: datetime | None = None
    category: str = "other"
    area: str = ""
    urgency: str = ""
    language: str = ""
    unit: str = "one"
    available: Decimal | None = None
    unit_based: bool = True
    status: str = "open"
    url: str | None = None
    intent_id: str | None = None
    received_by: str = "public"
    public: bool = False
    checked_at: datetime | None = None
    facts: Facts | None = None

    @property
    def host(self) -> str:
        """The host of its author."""
        return host_of(self.actor)

    @property
    def is_open(self) -> bool:
        """Help may still be offered."""
        return self.intent_id is not None and self.status in {"open", "partly-met"}

    def is_stale(self, now: datetime) -> bool:
        """Its origin has to be asked again before anything is offered (protocol 136)."""
        return now - (self.checked_at or self.received_at) > FRESH

    def forget_at(self) -> datetime:
        """When our copy goes, with or without a Delete (protocol 135)."""
        end = self.ends_at or self.received_at + POST_LIFE
        return min(end, _LAST_END) + KEPT_AFTER_END

    def instead_of(self, earlier: Self, *, is_fetched: bool) -> Self | None:
        """The copy that takes the place of the `earlier` one, or None where that stays (protocol 93, 110).

        Only its own author's, and only a newer one; of two of one age, what the author's server gives when asked.
        """
        is_newer = self.updated_at > earlier.updated_at or (is_fetched and self.updated_at == earlier.updated_at)
        if earlier.actor != self.actor or not is_newer:
            return None
        return replace(self, id=earlier.id, received_at=earlier.received_at, received_by=earlier.received_by)
