"""Sealing the node: which passphrase will do, and when a second steward is needed."""

from datetime import datetime, timedelta

from node.domain.errors import Invalid
from node.domain.phrases import say

#: For how long a steward who asked waits for a second one; afterwards the question is void.
ASKED_FOR = timedelta(hours=1)
SHORTEST_PASSPHRASE = 16
LONGEST_PASSPHRASE = 200


def check_passphrase(typed: str, again: str) -> str:
    """The passphrase as it is used: spaces at its ends and doubled ones do not count. Raises Invalid."""
    passphrase = tidy(typed)
    if not SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE:
        raise Invalid(
            {
                "passphrase": say(
                    "Choose from %(fewest)s to %(most)s characters: five words or more.",
                    fewest=SHORTEST_PASSPHRASE,
                    most=LONGEST_PASSPHRASE,
                )
            }
        )
    if passphrase != tidy(again):
        raise Invalid({"again": say("These two are not the same.")})
    return passphrase


def tidy(typed: str) -> str:
    """What counts of a typed passphrase."""
    return " ".join(typed.split())


def is_asked(asked_at: datetime | None, now: datetime) -> bool:
    """Whether a steward's question still waits for a second one."""
    return asked_at is not None and now - asked_at < ASKED_FOR


def may_seal(needs_two: bool, asked_by: str | None, asked_at: datetime | None, by: str, now: datetime) -> bool:
    """Whether this steward's word seals the node now: alone, or as the second within ASKED_FOR."""
    return not needs_two or (is_asked(asked_at, now) and asked_by != by)
