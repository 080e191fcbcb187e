"""What is wanted or available again and again: which day follows which, however long nobody looked."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Repeat(StrEnum):
    """How often the same thing is wanted or available."""

    ONCE = "once"
    WEEKLY = "weekly"
    TWO_WEEKLY = "two-weekly"
    MONTHLY = "monthly"


#: So many days before its day a round begins, so that there is time to find somebody. Less than from round to round.
AHEAD = {Repeat.WEEKLY: 3, Repeat.TWO_WEEKLY: 7, Repeat.MONTHLY: 10}
#: At least so many days lie between two rounds.
SHORTEST = {Repeat.WEEKLY: 7, Repeat.TWO_WEEKLY: 14, Repeat.MONTHLY: 28}
_WEEKS = {Repeat.WEEKLY: 1, Repeat.TWO_WEEKLY: 2}
_DECEMBER = 12


@dataclass(frozen=True)
class Rounds:
    """The rounds from the day `first`; `current` is the day of the one that goes on now, `last` the last day possible.

    Without `first`, something is wanted again and again on no certain day: then a round follows when one was met.
    """

    repeat: Repeat
    first: date | None = None
    current: date | None = None
    last: date | None = None

    def after(self, met_on: date) -> date | None:
        """The day of the round that follows the one met on this day; None where none follows."""
        if self.repeat == Repeat.ONCE:
            return None
        day = self._next(self.first or met_on, max(self.current or met_on, met_on))
        return day if self.last is None or day <= self.last else None

    def upcoming(self, today: date) -> date | None:
        """The day of the first round that is not over; None where there are no certain days or all are over."""
        if self.repeat == Repeat.ONCE or self.first is None:
            return None
        day = self._next(self.first, today - timedelta(days=1))
        return day if self.last is None or day <= self.last else None

    def begun(self, today: date) -> date | None:
        """The day of the newest round that has begun; None where there are no certain days or none has."""
        if self.repeat == Repeat.ONCE or self.first is None:
            return None
        until = today + timedelta(days=AHEAD[self.repeat])
        until = until if self.last is None else min(until, self.last)
        number = self._number(self.first, until)
        return self._day(self.first, number) if number >= 0 else None

    def _next(self, first: date, after: date) -> date:
        return self._day(first, max(self._number(first, after) + 1, 0))

    def _number(self, first: date, until: date) -> int:
        """Which round is the newest on or before this day; the one on `first` is 0."""
        if self.repeat in _WEEKS:
            return (until - first).days // (7 * _WEEKS[self.repeat])
        number = (until.year - first.year) * _DECEMBER + until.month - first.month
        return number if self._day(first, number) <= until else number - 1

    def _day(self, first: date, number: int) -> date:
        """What begins on a 31st comes on the last day of a shorter month, and on a 31st again after it."""
        if self.repeat in _WEEKS:
            return first + timedelta(weeks=number * _WEEKS[self.repeat])
        years, month = divmod(first.month - 1 + number, _DECEMBER)
        year, month = first.year + years, month + 1
        return date(year, month, min(first.day, monthrange(year, month)[1]))
