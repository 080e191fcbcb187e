"""A need or an offer comes back by itself for its next round, with all that was said and agreed to for it."""

from dataclasses import replace
from datetime import date, datetime

from node.domain.notices import Notice, Status

#: What nobody has in hand; a round that was not met gives way to the next one.
_WAITING = frozenset({Status.NEW, Status.OPEN, Status.PARTLY_MET, Status.PAUSED})


def come_round(notice: Notice, today: date, now: datetime) -> Notice:
    """The notice in the newest round that has begun `today`, where people here live; the same where nothing changes.

    It is the same however long nobody looked. Not for what runs in agreements: that has to end first.
    """
    if notice.returns_on is not None:
        return _back(notice, notice.returns_on, today, now)
    if notice.status not in _WAITING or notice.wording.needed_by is None:
        return notice
    day = notice.rounds.begun(today)
    return notice if day is None or day <= notice.wording.needed_by else _in_round(notice, day, now)


def _back(notice: Notice, returns_on: date, today: date, now: datetime) -> Notice:
    day = notice.rounds.begun(today)
    if notice.rounds.first is None:
        return notice if today < returns_on else _in_round(notice, notice.wording.needed_by, now)
    return notice if day is None or day < returns_on else _in_round(notice, day, now)


def _in_round(notice: Notice, day: date | None, now: datetime) -> Notice:
    """Nothing of this round was done: everything is wanted."""
    was_in_hand = notice.is_closed or notice.status == Status.PARTLY_MET
    return replace(
        notice,
        wording=replace(notice.wording, needed_by=day),
        status=Status.OPEN if was_in_hand else notice.status,
        remaining=notice.wording.quantity,
        updated_at=now,
        returns_on=None,
        rounds_from=notice.rounds.first,
    )
