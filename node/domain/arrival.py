"""The arrival card: how to come so that it is safe. A part of the sealed note."""

import re
from dataclasses import dataclass
from enum import StrEnum

from node.domain.access import NEEDED
from node.domain.phrases import say

SHORT_LIMIT = 300

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class AtTheDoor(StrEnum):
    """What to do at the door; several go together."""

    TEXT_FIRST = "text first"
    DO_NOT_KNOCK = "do not knock"
    RING = "ring"
    LEAVE = "leave at door"


AT_THE_DOOR = tuple(word.value for word in AtTheDoor)


@dataclass(frozen=True, repr=False)
class ArrivalCard:
    """All of it may be left out. `language` is a code; `who_may_come` and `pets` are the person's own words.

    Printed by mistake it says nothing.
    """

    at_the_door: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    language: str = ""
    interpreter: bool = False
    pets: str = ""
    who_may_come: str = ""

    def __bool__(self) -> bool:
        """Whether anything was written on it."""
        return self != ArrivalCard()

    def __repr__(self) -> str:
        return "ArrivalCard(…)"


def faults_of(card: ArrivalCard) -> dict[str, str]:
    """One sentence for each `arrival_card.FIELD` that cannot stand; empty when all can."""
    shorter = say("Please use at most %(most)s characters.", most=SHORT_LIMIT)
    checks = {
        "at_the_door": "" if set(card.at_the_door) <= set(AT_THE_DOOR) else _choose(AT_THE_DOOR),
        "access": "" if set(card.access) <= set(NEEDED) else _choose(NEEDED),
        "language": "" if not card.language or _LANGUAGE.fullmatch(card.language) else say("Choose one of the list."),
        "pets": "" if len(card.pets) <= SHORT_LIMIT else shorter,
        "who_may_come": "" if len(card.who_may_come) <= SHORT_LIMIT else shorter,
    }
    return {f"arrival_card.{name}": fault for name, fault in checks.items() if fault}


def _choose(words: tuple[str, ...]) -> str:
    return say("Choose from: %(words)s.", words=", ".join(words))
