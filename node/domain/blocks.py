"""Whom we hear nothing from: single senders, and whole servers that are no neighbours of ours."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.phrases import say

_HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*(?::\d{1,5})?")
NO_SERVER = say("Write the name of a server, such as social.example.")


class BlockKind(StrEnum):
    """A SENDER is one actor, a SERVER everybody on one host."""

    SENDER = "sender"
    SERVER = "server"


@dataclass(frozen=True)
class Block:
    """A steward's decision, told to nobody. `subject` is an actor's id or a host; `name` is what members call it."""

    id: str
    kind: BlockKind
    subject: str
    name: str
    created_at: datetime


def read_server(typed: str) -> str:
    """The host meant by `social.example`, `@robin@social.example` or a web address. Raises Invalid."""
    tidy = typed.strip().lower()
    place = (tidy.partition("://")[2] or tidy).partition("/")[0].rpartition("@")[2]
    try:
        host = place if place.isascii() else place.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host) or "." not in host:
        raise Invalid({"server": NO_SERVER})
    return host
