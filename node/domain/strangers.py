"""What people and servers that we are not linked with send: enquiries for dispatchers, reports for stewards.

Both wait in queues that only members see. Both are bounded, so that nobody can fill them (protocol 40, 2.11).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TEXT_LIMIT = 4_000
#: From one actor, and from one server's stewards, within WINDOW.
MOST_ENQUIRIES = 5
MOST_REPORTS = 20
WINDOW = timedelta(days=1)
#: So many wait at once; then new ones are turned away until some are done or forgotten.
MOST_WAITING = 1_000
KEPT = timedelta(days=30)


class Reaction(StrEnum):
    """What is counted about a shared notice. Nobody can tell from the count who it was."""

    LIKE = "like"
    ANNOUNCE = "announce"
    REPLY = "reply"


@dataclass(frozen=True)
class Enquiry:
    """A private message to one of our actors, or a private answer to the share `share_id`; `text` is plain.

    `name` and `url` are what the sender's own server says of them, if it could be asked.
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


@dataclass(frozen=True)
class Report:
    """A complaint about `objects`, ids of ours; `text` is plain. Its sender is never answered."""

    id: str
    activity_id: str
    actor: str
    objects: tuple[str, ...]
    text: str
    received_at: datetime
