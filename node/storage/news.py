"""What a commit may mean for others: for this process, and on PostgreSQL for every other one."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What somebody may want to hear of at once, because it works with something kept in memory, or sleeps."""

    WORK = "work"  # something waits in the journal or the outbox
    PEERS = "peers"  # whom we talk with, and how
    KEYS = "keys"  # the keys we sign with
    ACTORS = "actors"  # another server's actor was stored as it was just fetched, or forgotten


@dataclass(frozen=True)
class News:
    """One thing to tell: `about` names what it is about, where that matters."""

    topic: Topic
    about: str = ""
