"""The queue in parts: what to look at first, by a rule that the page says in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from node.domain.notices import Notice, Status, Urgency

#: Needed, or ending, within so many days from today is soon.
SOON_DAYS = 2
_PRESSING = frozenset({Urgency.TODAY, Urgency.TWO_DAYS})


class Part(StrEnum):
    """In the order of the page. Everything that is not closed stands in exactly one of them."""

    NEW = "new"
    CALL_BACKS = "call-backs"
    TO_ASK = "to-ask"
    SOON = "soon"
    UNMET = "unmet"
    SHARED = "shared"
    UNDER_WAY = "under-way"


@dataclass(frozen=True)
class Standing:
    """What is known beside its words: on which days its person is to be called, or called to be asked something.

    `is_shared` says whether others see it, `asks_still` that nobody can ask but us whether it is still so.
    """

    call_days: tuple[date, ...] = ()
    is_shared: bool = False
    ask_days: tuple[date, ...] = ()
    asks_still: bool = False


def part_of(notice: Notice, standing: Standing, today: date) -> Part:
    """Where it stands: a call-back that is due comes before everything, one of a later day waits in place.

    Whoever is called on a later day anyway is asked then whether it is still so.
    """
    if is_due(standing.call_days, today):
        return Part.CALL_BACKS
    is_called_later = standing.call_days or standing.ask_days
    if is_due(standing.ask_days, today) or (standing.asks_still and not is_called_later):
        return Part.TO_ASK
    if notice.status == Status.NEW:
        return Part.NEW
    if notice.status in {Status.TAKEN_ON, Status.PAUSED}:
        return Part.UNDER_WAY
    if is_soon(notice, today):
        return Part.SOON
    return Part.SHARED if standing.is_shared else Part.UNMET


def is_due(call_days: Iterable[date], today: date) -> bool:
    """Whether somebody is to be called today, or should have been."""
    return any(day <= today for day in call_days)


def is_soon(notice: Notice, today: date) -> bool:
    """Whether its day is near or over, or it was said to be pressing."""
    day = notice.wording.needed_by
    return notice.wording.urgency in _PRESSING or (day is not None and day <= today + timedelta(days=SOON_DAYS))
