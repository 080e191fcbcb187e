"""A community practises: everything may be tried out, nothing of it is real, and all of it is erased at the end."""

from enum import StrEnum

from node.domain.errors import Conflict
from node.domain.phrases import say

STAYS_HERE = say("We are practising: nothing leaves this community. Once practising is over, this works.")
NOT_REAL = say("We are practising, and everything here will be erased. End practising first, then bring it in.")
HAS_REAL = say("There are needs or offers here already, and practising would erase them. So it cannot begin any more.")
IS_ENDING = say("What was practised is just being erased. Try again in a minute.")


class Practice(StrEnum):
    """NOT: everything is for real. ENDING: what was practised is being erased, one by one."""

    NOT = ""
    ON = "on"
    ENDING = "ending"

    @property
    def is_under_way(self) -> bool:
        """Whether what is asked and offered here is not real."""
        return self is not Practice.NOT


def begin(practice: Practice, *, has_notices: bool) -> Practice:
    """The community practises; twice is as good as once. Raises Conflict where there is something real to lose."""
    if practice is Practice.ENDING:
        raise Conflict(IS_ENDING)
    if practice is Practice.NOT and has_notices:
        raise Conflict(HAS_REAL)
    return Practice.ON
