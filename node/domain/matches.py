"""A need and an offer brought together: proposed, agreed, done. What is suggested is an offer, never a person.

Nothing is weighed and nobody is compared with anybody: an offer of the same category stands beside a need, with every
reason why it may fit, and the page says the order.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from node.domain.areas import spelled
from node.domain.errors import Conflict, Invalid
from node.domain.notices import Kind, Notice, Status
from node.domain.phrases import say

#: After so long without a word both are as they were before.
HELD_FOR = timedelta(days=60)


class MatchState(StrEnum):
    """PROPOSED takes nothing yet: somebody is asking both. AGREED holds what was agreed until it is done."""

    PROPOSED = "proposed"
    AGREED = "agreed"


class Fit(StrEnum):
    """Why an offer stands beside a need."""

    CATEGORY = "category"
    AREA = "area"
    LANGUAGE = "language"
    TIME = "time"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Match:
    """`of_need` is how much of the need it meets, `of_offer` how much of the offer it takes; 0 of a standing one."""

    id: str
    need_id: str
    offer_id: str
    state: MatchState
    of_need: Decimal
    of_offer: Decimal
    created_at: datetime

    @property
    def holds(self) -> bool:
        """Whether it takes something of both."""
        return self.state is MatchState.AGREED

    def other(self, notice_id: str) -> str:
        """The notice at the other side."""
        return self.offer_id if notice_id == self.need_id else self.need_id

    def amount_of(self, notice_id: str) -> Decimal:
        """How much of this notice it is about."""
        return self.of_need if notice_id == self.need_id else self.of_offer


def is_open(notice: Notice) -> bool:
    """Whether something of it can still be brought together with something else."""
    return not notice.is_closed and notice.status is not Status.PAUSED and notice.remaining > 0


def fits(need: Notice, offer: Notice, today: date, near: frozenset[str]) -> tuple[Fit, ...]:
    """Every reason why this offer may be what is needed; none where it is of another category, or not open.

    `near` are the areas, `spelled`, that are the need's, lie within it or around it.
    """
    if not is_open(offer) or offer.kind is not Kind.OFFER or need.wording.category != offer.wording.category:
        return ()
    asked, given = need.wording, offer.wording
    last = given.repeat_until if given.repeat != "once" else given.needed_by
    found = {
        Fit.CATEGORY: True,
        Fit.AREA: spelled(given.area) in near,
        Fit.LANGUAGE: bool(set(asked.languages) & set(given.languages)),
        Fit.TIME: last is None or last >= max(asked.needed_by or today, today),
        Fit.AMOUNT: asked.unit == given.unit and (offer.standing or offer.remaining >= need.remaining),
    }
    return tuple(reason for reason, is_so in found.items() if is_so)


def place(reasons: tuple[Fit, ...], offer: Notice) -> tuple[bool, bool, date, datetime]:
    """Where an offer stands in the list: nearer by, then a shared language, then what ends first, then what waits."""
    ends = offer.wording.needed_by or date.max
    return Fit.AREA not in reasons, Fit.LANGUAGE not in reasons, ends, offer.created_at


def amounts(need: Notice, offer: Notice) -> tuple[Decimal, Decimal]:
    """How much of each a match is about, as far as it goes by itself: what both have where they are counted alike."""
    alike = need.wording.unit == offer.wording.unit
    shared = min(need.remaining, offer.remaining)
    of_need = shared if alike and need.wording.is_divisible and not offer.standing else need.remaining
    of_offer = min(of_need, offer.remaining) if alike and offer.wording.is_divisible else offer.remaining
    return of_need, Decimal(0) if offer.standing else of_offer


def propose(match_id: str, need: Notice, offer: Notice, now: datetime) -> Match:
    """A proposal. Raises Conflict where one of them is not open, Invalid where they are no need and offer."""
    if need.kind is not Kind.NEED or offer.kind is not Kind.OFFER:
        raise Invalid({"offer": say("Choose an offer for a need.")})
    if not is_open(need) or not is_open(offer):
        raise Conflict(say("One of the two is no longer open."))
    return Match(match_id, need.id, offer.id, MatchState.PROPOSED, *amounts(need, offer), now)


def agree(match: Match, need: Notice, offer: Notice) -> Match:
    """Both said yes: what is open of them now is held. Raises Conflict where it was agreed before, or is not open."""
    if match.holds:
        raise Conflict(say("This was agreed already."))
    if not is_open(need) or not is_open(offer):
        raise Conflict(say("One of the two is no longer open."))
    of_need, of_offer = amounts(need, offer)
    return replace(match, state=MatchState.AGREED, of_need=of_need, of_offer=of_offer)
