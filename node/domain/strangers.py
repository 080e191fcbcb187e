"""What people and servers that we are not linked with send: enquiries for dispatchers, reports for stewards.

Both wait in queues that only members see. Both are bounded, so that nobody can fill them (protocol 40, 2.11).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.phrases import say

TEXT_LIMIT = 4_000
#: From one actor, from one server, and from one server's stewards: so many of those kept are younger than WINDOW.
MOST_ENQUIRIES = 5
MOST_OF_SERVER = 40
MOST_REPORTS = 20
WINDOW = timedelta(days=1)
#: Of one report so many things of ours are kept.
MOST_REPORTED = 20
#: So many wait at once; then new ones are turned away until some are done or forgotten.
MOST_WAITING = 1_000
#: On one page; older ones are shown as these are done.
SHOWN = 100
#: For so many days everything of strangers is kept, unless a steward chose another number up to the longest.
KEPT_DAYS = 30
LONGEST_KEPT_DAYS = 90
#: What a dispatcher may write to a stranger at once.
ANSWER_LIMIT = 2_000


class Reaction(StrEnum):
    """What is counted about a shared notice. Nobody can tell from the count who it was."""

    LIKE = "like"
    ANNOUNCE = "announce"
    REPLY = "reply"


@dataclass(frozen=True)
class Enquiry:
    """A private message to one of our actors, or a private answer to the share `share_id`; `text` is plain.

    `name` and `handle` are what the sender's own server says of them, if it could be asked. `thread` is the id of the
    message that the conversation began with, which is this very one where it is the first.
    """

    id: str
    note_id: str
    actor: str
    own_actor: str
    text: str
    received_at: datetime
    share_id: str | None = None
    name: str = ""
    url: str | None = None
    handle: str = ""
    thread: str = ""


@dataclass(frozen=True)
class Answer:
    """What a dispatcher wrote back, to `actor` alone: the object `object_id`, in reply to the note `in_reply_to`.

    `inbox` is where it goes, also when it is taken back. Once it is, no words are left.
    """

    id: str
    thread: str
    object_id: str
    in_reply_to: str
    own_actor: str
    actor: str
    handle: str
    inbox: str
    text: str
    written_at: datetime
    taken_back: bool = False


@dataclass(frozen=True)
class Report:
    """A complaint about `objects`, ids of ours; `text` is plain. Its sender is never answered."""

    id: str
    activity_id: str
    actor: str
    objects: tuple[str, ...]
    text: str
    received_at: datetime


def check_answer(text: str) -> str:
    """The words without spaces around them, or raise Invalid."""
    trimmed = text.strip()
    if not trimmed:
        raise Invalid({"text": say("Write a few words first.")})
    if len(trimmed) > ANSWER_LIMIT:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=ANSWER_LIMIT)})
    return trimmed


def check_kept_days(days: int) -> int:
    """For how many days messages and reports are kept, or raise Invalid."""
    if not 1 <= days <= LONGEST_KEPT_DAYS:
        raise Invalid({"days": say("Write a whole number from 1 to %(most)s.", most=LONGEST_KEPT_DAYS)})
    return days
