"""What helpers of this community take on: a part of a need, with one or several hands on it.

A part says how much of a need is with somebody; whose hands are on it is apart from that, and both are gone as soon as
it is done or handed back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from node.domain.errors import Conflict, Invalid
from node.domain.notices import Kind, Notice, Status
from node.domain.phrases import say

#: So many may be on one part: enough for a piano, and no crowd at anybody's door.
MOST_HANDS = 6
#: After so long without a word it is open again: silence means nothing bad, and nothing is lost.
HELD_FOR = timedelta(days=14)

#: The sealed fields that whoever takes a need on may read, where the person agreed. Their address they tell themselves,
#: once they have spoken.
ON_TASK_CARD = ("name", "contact", "arrival", "arrival_card")

NOT_OPEN = say("This is no longer open: somebody has taken it on, or it is sorted. Thank you for looking.")
NOT_YOURS = say("This is not with you any more: it was handed back, or it is done.")


@dataclass(frozen=True)
class Part:
    """So much of a need has been with these members since then, who took it on first."""

    id: str
    notice_id: str
    quantity: Decimal
    taken_at: datetime
    hands: tuple[str, ...]

    @property
    def until(self) -> datetime:
        """When it is open again by itself."""
        return self.taken_at + HELD_FOR

    @property
    def has_room(self) -> bool:
        """Whether one more may come along."""
        return len(self.hands) < MOST_HANDS


def may_be_taken_on(notice: Notice, promised: Decimal) -> bool:
    """Whether a need stands on the board: helpers may read it, a dispatcher has, and some of it is with nobody.

    `promised` is what is with somebody. A need that a dispatcher noted as taken on, with nothing promised here, is with
    somebody who is not written down.
    """
    if notice.kind is not Kind.NEED or not notice.consent.board or notice.remaining <= 0:
        return False
    return notice.status in {Status.OPEN, Status.PARTLY_MET} or (notice.status is Status.TAKEN_ON and promised > 0)


def amount_taken(notice: Notice, wanted: Decimal | None) -> Decimal:
    """How much is taken on; all that is open where nothing is said. Raises Invalid beside `quantity`."""
    if wanted is None or wanted == notice.remaining:
        return notice.remaining
    if not notice.wording.is_divisible:
        raise Invalid({"quantity": say("This can only be taken on as a whole.")})
    return _whole(wanted, notice.remaining)


def amount_done(notice: Notice, part: Part, brought: Decimal | None) -> Decimal:
    """How much of a part that was partly done is done; nothing where it cannot be counted. Raises Invalid."""
    if not notice.wording.is_divisible:
        return Decimal(0)
    if brought is None:
        raise Invalid({"quantity": say("Write how much of it is done.")})
    return _whole(brought, part.quantity)


def come_along(part: Part, member_id: str) -> Part:
    """One more hand. Raises Conflict where there is no room."""
    if member_id in part.hands:
        return part
    if not part.has_room:
        raise Conflict(say("Enough people are on this already. Thank you for offering."))
    return replace(part, hands=(*part.hands, member_id))


def hand_back(part: Part, member_id: str) -> Part:
    """One hand less. Raises Conflict where it was none."""
    if member_id not in part.hands:
        raise Conflict(NOT_YOURS)
    return replace(part, hands=tuple(one for one in part.hands if one != member_id))


def _whole(wanted: Decimal, most: Decimal) -> Decimal:
    if wanted != wanted.to_integral_value() or not 0 < wanted <= most:
        raise Invalid({"quantity": say("Write a whole number from 1 to %(most)s.", most=f"{most.normalize():f}")})
    return wanted
