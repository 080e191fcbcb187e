"""When a member wants to be left in peace: enough for today, and quiet hours that come again every day."""

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from node.domain import days
from node.domain.errors import Invalid
from node.domain.phrases import say
from node.domain.spelling import plain_digits

_NO_TIME = {
    "since": say("From when? Write a time such as 21:30."),
    "until": say("Until when? Write a time such as 8:00."),
}
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(frozen=True)
class Quiet:
    """`enough_until` is when a day that was enough is over; `since` and `until` are times of the community's clock.

    Quiet hours may go over midnight. Where one of the two is None, there are none.
    """

    enough_until: datetime | None = None
    since: time | None = None
    until: time | None = None

    def has_enough(self, now: datetime) -> bool:
        """Whether it was enough for today."""
        return self.enough_until is not None and now < self.enough_until

    def is_quiet(self, now: datetime, zone: tzinfo) -> bool:
        """Whether nothing may be told now."""
        if self.has_enough(now):
            return True
        if self.since is None or self.until is None:
            return False
        there = now.astimezone(zone).time()
        if self.since <= self.until:
            return self.since <= there < self.until
        return there >= self.since or there < self.until


def end_of_today(now: datetime, zone: tzinfo) -> datetime:
    """Until when it is enough: the last minute of the day there."""
    return days.end_of(days.today(now, zone), zone)


def hours_from(since: str, until: str) -> tuple[time | None, time | None]:
    """Quiet hours as typed, such as `21:30` and `8.00`; both empty for none. Raises Invalid beside each field."""
    typed = {"since": since.strip(), "until": until.strip()}
    if not any(typed.values()):
        return None, None
    read = {name: _clock(text) for name, text in typed.items()}
    faults = {name: _NO_TIME[name] for name, found in read.items() if found is None}
    if not faults and read["since"] == read["until"]:
        faults["until"] = say("Choose another time than the first.")
    if faults:
        raise Invalid(faults)
    return read["since"], read["until"]


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(plain_digits(text))
    return time(int(found[1]), int(found[2])) if found else None
