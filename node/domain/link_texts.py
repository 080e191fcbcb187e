"""What a community writes to whoever links with it, and what stood there when both said yes."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from node.domain.errors import Invalid
from node.domain.phrases import say

LONGEST = 2000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class LinkText:
    """Both communities' texts as they were when we said yes to the link, or last said that we read a changed one."""

    peer_id: str
    ours: str
    theirs: str
    at: datetime


def check_link_text(typed: str) -> str:
    """The text as it is kept: plain lines, without spaces at their ends. Raises Invalid beside `text`."""
    lines = (line.rstrip() for line in _CONTROLS.sub("", typed.replace("\r\n", "\n")).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(text) > LONGEST:
        raise Invalid({"text": say("Please use at most %(most)s characters.", most=LONGEST)})
    return text


def mark_of(text: str) -> str:
    """Stands for exactly this text: whoever says yes, says it to what they have read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
