"""A community rests: until when, and whether that is still so. Nothing runs when the time comes; it is just over."""

from datetime import datetime, timedelta

from node.domain.errors import Invalid
from node.domain.phrases import say

LONGEST = timedelta(days=180)
#: Of what another community says of itself, nothing later than this is believed.
LONGEST_BELIEVED = timedelta(days=366)


def check_until(until: datetime | None, now: datetime) -> datetime:
    """The time, if a community may rest until then. Raises Invalid."""
    if until is None:
        raise Invalid({"until": say("Choose the last day of the rest.")})
    if until <= now:
        raise Invalid({"until": say("Choose a day that is still to come.")})
    if until - now >= LONGEST + timedelta(days=1):  # the last day counts whole
        raise Invalid(
            {"until": say("Rest for at most %(most)s days at a time. It can be made longer later.", most=LONGEST.days)}
        )
    return until.replace(microsecond=0)


def believed(until: datetime | None, now: datetime) -> datetime | None:
    """What another community says of its rest, as far as we go along with it."""
    return None if until is None or until <= now else min(until, now + LONGEST_BELIEVED)


def still_until(until: datetime | None, now: datetime) -> datetime | None:
    """Until when the rest goes on; None when there is none, or it is over."""
    return until if until is not None and until > now else None
