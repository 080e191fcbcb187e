"""A shift: somebody is there for the community from one hour to another. Nobody is told to, and nothing is counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say
from node.domain.redaction import contact_details

WORDS_LIMIT = 120
LONGEST = timedelta(hours=24)
AHEAD = timedelta(days=366)
#: So many weeks are written down at once, where it is the same every week.
MOST_WEEKS = 12
#: More than these nobody looks through.
MOST_SHIFTS = 200
#: So many take one together.
MOST_HANDS = 12
#: A shift that is over goes by itself, with whoever took it: nobody's hours are kept.
KEPT = timedelta(hours=12)

OVER = say("This shift is over, or was taken off the list.")


@dataclass(frozen=True)
class Shift:
    """From when until when, a word on what it is, and the members who take it."""

    id: str
    starts_at: datetime
    ends_at: datetime
    words: str
    hands: tuple[str, ...] = ()


def check_shift(shift: Shift, now: datetime) -> Shift:
    """The shift with its words tidied. Raises Invalid beside `shift`, `from` and `until`."""
    words = " ".join(shift.words.split())
    faults = {
        "shift": _words_fault(words),
        "from": "" if shift.starts_at <= now + AHEAD else say("Write down shifts of the coming year only."),
        "until": _end_fault(shift, now),
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    return Shift(shift.id, shift.starts_at, shift.ends_at, words, shift.hands)


def week_by_week(shift: Shift, weeks: int, new_id: Callable[[], str]) -> tuple[Shift, ...]:
    """The same shift in so many weeks, each with an id; hours stay as the clock shows them where people live.

    Raises Invalid beside `weeks`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid({"weeks": say("Write a whole number from 1 to %(most)s.", most=MOST_WEEKS)})
    later = (timedelta(weeks=week) for week in range(weeks))
    return tuple(Shift(new_id(), shift.starts_at + on, shift.ends_at + on, shift.words) for on in later)


def must_have_room(known: int, more: int) -> None:
    """Raise Conflict where there would be too many."""
    if known + more > MOST_SHIFTS:
        raise Conflict(say("There are %(most)s shifts already. Take some off the list first.", most=MOST_SHIFTS))


def take(shift: Shift, member_id: str) -> bool:
    """Whether somebody new takes it. Raises Conflict where enough do."""
    if member_id in shift.hands:
        return False
    if len(shift.hands) >= MOST_HANDS:
        raise Conflict(say("Enough people take this shift already. Thank you."))
    return True


def _words_fault(words: str) -> str:
    if not words:
        return say("Say in a word what it is.")
    if len(words) > WORDS_LIMIT:
        return say("Please use at most %(most)s characters.", most=WORDS_LIMIT)
    return say("No numbers or e-mail addresses, please.") if contact_details(words) else ""


def _end_fault(shift: Shift, now: datetime) -> str:
    if shift.ends_at <= now:
        return say("This is over already. Write down a shift that is still to come.")
    return "" if shift.ends_at - shift.starts_at <= LONGEST else say("A shift is at most 24 hours long.")
