"""Until when: days as people type them, made into moments, and how much of a lease is left, in words."""

from datetime import date, datetime, timedelta
from typing import Literal

from babel.dates import format_timedelta

from node.domain import days
from node.web.languages import language
from node.web.words import _, zone


def end_of(day: date | None) -> datetime | None:
    """The last minute of a day where the community lives; None for None."""
    return None if day is None else days.end_of(day, zone())


def left(until: datetime, now: datetime) -> str:
    """How far away a moment is: "in about 46 hours". Hours up to three days, then days; a sentence when it is past."""
    if until <= now:
        return _("that time is over")
    smallest: Literal["hour", "minute"] = "hour" if until - now >= timedelta(hours=1) else "minute"
    rest = format_timedelta(until - now, granularity=smallest, threshold=3, locale=language())
    return _("in about %(time)s") % {"time": rest}
