"""Something about the running of the node was looked at: what was found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """LOOK: somebody has to see to it. OFF: not set up, which is a community's own choice."""

    FINE = "fine"
    LOOK = "look"
    OFF = "off"


@dataclass(frozen=True)
class Check:
    """What was found, in plain words, and the `remedy`, if there is one.

    `command` is what somebody types at the machine for it, `page` the page on which a steward can do it.
    """

    name: str
    standing: Standing
    said: str
    remedy: str = ""
    command: str = ""
    page: str = ""

    @property
    def is_ok(self) -> bool:
        """Nobody has to see to it."""
        return self.standing is not Standing.LOOK

    @property
    def line(self) -> str:
        """All of it in one line, in English."""
        return " ".join(filter(None, (self.said, self.remedy, f"Run: {self.command}" if self.command else "")))


#: First what somebody has to see to, then what is not set up, then what is fine.
IN_ORDER = (Standing.LOOK, Standing.OFF, Standing.FINE)
