"""Introductions: a friend's few words that bring two communities together.

Stewards read them, and nothing is done because of one. A community is introduced once it asked that friend to be. No
words are counted, weighed against each other or passed on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.peers import host_of
from node.domain.phrases import say
from node.domain.redaction import contact_details

TEXT_LIMIT = 600
#: However long the sender wants its words to stand.
LONGEST = timedelta(days=90)
#: The time in which one community's introductions are limited.
MONTH = timedelta(days=30)
#: To so many communities at once.
MOST_AT_ONCE = 10
#: What a community may choose: how many of one neighbour within a month, and how many may wait in all.
MOST_A_MONTH = 20
MOST_WAITING = 100
#: On one page.
SHOWN = 200

NO_WORDS = say("Write a few words first.")
DETAILS = say(
    "This looks like a telephone number or an e-mail address: %(found)s. Take it out. "
    "Communities find each other's address by themselves."
)


class Side(StrEnum):
    """RECEIVED from a neighbouring community, or WRITTEN by us."""

    RECEIVED = "received"
    WRITTEN = "written"


class Sort(StrEnum):
    """Of ANOTHER community; or a community asks to be introduced ITSELF."""

    ANOTHER = "another"
    ITSELF = "itself"


@dataclass(frozen=True)
class Introduced:
    """Whom it is about, as its own server shows it to everybody: nothing here is the introducer's word."""

    actor: str
    name: str
    address: str
    summary: str = ""
    url: str | None = None

    @property
    def host(self) -> str:
        """Host and port of its actor."""
        return host_of(self.actor)


@dataclass(frozen=True)
class Introduction:
    """Words about a community, between us and the actor `actor`: its author if received, else whom we wrote to.

    What a steward set aside has no words any more, and stays until `ends_at` so that it does not come again.
    """

    id: str
    side: Side
    sort: Sort
    activity_id: str
    actor: str
    about: Introduced
    text: str
    written_at: datetime
    ends_at: datetime
    is_set_aside: bool = False

    @property
    def host(self) -> str:
        """The host of the other side."""
        return host_of(self.actor)


@dataclass(frozen=True)
class Rule:
    """How many introductions a community wants to see: `a_month` from each neighbour, `waiting` in all; or none."""

    wanted: bool = True
    a_month: int = 3
    waiting: int = 20

    def takes(self, of_this_neighbour: int, waiting: int) -> bool:
        """Whether one more is shown. What is beyond is passed over, and nobody is told."""
        return self.wanted and of_this_neighbour < self.a_month and waiting < self.waiting


def check_rule(rule: Rule) -> Rule:
    """The rule, or Invalid with one sentence beside each number that cannot be."""
    bounds = {"a_month": (rule.a_month, MOST_A_MONTH), "waiting": (rule.waiting, MOST_WAITING)}
    faults = {
        name: say("Write a whole number from 1 to %(most)s.", most=most)
        for name, (number, most) in bounds.items()
        if not 1 <= number <= most
    }
    if faults:
        raise Invalid(faults)
    return rule


def check_words(text: str) -> str:
    """The words without spaces around them. Raises Invalid for none, too many, or a way to reach somebody."""
    trimmed = text.strip()
    if not trimmed:
        raise Invalid({"text": NO_WORDS})
    if len(trimmed) > TEXT_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=TEXT_LIMIT)})
    found = contact_details(trimmed)
    if found:
        raise Invalid({"text": DETAILS % {"found": found[0]}})
    return trimmed


def ends(wanted: datetime | None, now: datetime) -> datetime:
    """Until when words stand: as long as is wanted, and never longer than 90 days."""
    latest = now + LONGEST
    return latest if wanted is None else min(wanted, latest)
