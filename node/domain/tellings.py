"""What is told to people away from the pages: to whom, by which way, and when it is tried again. Never twice.

A telling holds no address and no words. Both are made when it goes out, from what is known then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.phrases import say

#: An address as long as that is none (RFC 5321, 4.5.3.1.3).
LONGEST_ADDRESS = 254
#: After these times it is tried again where certainly nothing was taken; then it is given up.
TRIED_AGAIN = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))
#: So often a device is given a text message of which it does not say what became.
GIVEN_OUT = 3
#: Somebody who takes something on may think again; only then is it told.
TAKEN_FOR_GOOD = timedelta(minutes=10)
#: From this hour on, where people live, members are told what waits.
DIGEST_HOUR = 8


class Subject(StrEnum):
    """STILL_NEEDED and TAKEN_ON: to whoever asked. WHAT_WAITS: to a member who wants to be told, once a day at most."""

    STILL_NEEDED = "still needed"
    TAKEN_ON = "taken on"
    WHAT_WAITS = "what waits"


class Way(StrEnum):
    """By e-mail or Web Push, which we send; by text message, which a device fetches. NONE: we have no way."""

    MAIL = "mail"
    TEXT = "text"
    PUSH = "push"
    NONE = "none"


class TellingState(StrEnum):
    """GOING is written down before anything goes out: what is found so afterwards is not sent a second time."""

    WAITING = "waiting"
    GOING = "going"
    TOLD = "told"
    GIVEN_UP = "given up"


class Verdict(StrEnum):
    """NOT_NOW: certainly nothing was taken. UNKNOWN: it may have been."""

    TAKEN = "taken"
    NOT_NOW = "not now"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Telling:
    """Something to tell the owner of a notice, or a member. `key` is the same for what would be the same once more."""

    id: str
    subject: Subject
    way: Way
    key: str
    made_at: datetime
    due_at: datetime
    notice_id: str | None = None
    member_id: str | None = None
    state: TellingState = TellingState.WAITING
    tries: int = 0


def going(telling: Telling, now: datetime) -> Telling:
    """It is on its way; `due_at` is since when."""
    return replace(telling, state=TellingState.GOING, tries=telling.tries + 1, due_at=now)


def left_behind(telling: Telling, now: datetime) -> Telling:
    """Nobody said what became of it. An e-mail is given up; a device knows by the id what it has sent before."""
    if telling.way is Way.TEXT and telling.tries < GIVEN_OUT:
        return replace(telling, state=TellingState.WAITING, due_at=now)
    return settled(telling, Verdict.UNKNOWN, now)


def settled(telling: Telling, verdict: Verdict, now: datetime) -> Telling:
    """What becomes of it: told, waiting for another try, or given up."""
    if verdict is Verdict.TAKEN:
        return replace(telling, state=TellingState.TOLD)
    if verdict is Verdict.NOT_NOW and telling.tries <= len(TRIED_AGAIN):
        return replace(telling, state=TellingState.WAITING, due_at=now + TRIED_AGAIN[telling.tries - 1])
    return replace(telling, state=TellingState.GIVEN_UP)


def by_mail_instead(telling: Telling, now: datetime) -> Telling:
    """By e-mail what no device took: for sure, so that nobody reads it twice."""
    return replace(telling, way=Way.MAIL, state=TellingState.WAITING, due_at=now, tries=0)


def check_address(typed: str) -> str:
    """An e-mail address that can be written to, or Invalid beside `address`."""
    address = typed.strip()
    name, at, host = address.rpartition("@")
    is_plain = address.isascii() and address.isprintable() and not set(address) & set(' ,;:<>()[]"\\')
    if not (name and at and "." in host and is_plain) or len(address) > LONGEST_ADDRESS:
        raise Invalid({"address": say("Write an e-mail address such as robin@example.org.")})
    return address
