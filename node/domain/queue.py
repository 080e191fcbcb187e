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
    SOON = "soon"
    UNMET = "unmet"
    SHARED = "shared"
    UNDER_WAY = "under-way"


@dataclass(frozen=True)
class Standing:
    """What is known beside its words: on which days its person is to be called, and whether others see it."""

    call_days: tuple[date, ...] = ()
    is_shared: bool = False


def part_of(notice: Notice, standing: Standing, today: date) -> Part:
    """Where it stands: a call-back that is due comes before everything, one of a later day waits in place."""
    if is_due(standing.call_days, today):
        return Part.CALL_BACKS
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
