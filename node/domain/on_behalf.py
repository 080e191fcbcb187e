"""What is known of somebody for whom somebody else asks, or offers: whether they know of it, and may be contacted."""

from collections.abc import Collection
from dataclasses import dataclass

from node.domain.consent import SHARING, Use
from node.domain.errors import Invalid
from node.domain.phrases import say

#: Nobody can agree to these for a person who does not know of it.
_THEIRS_TO_SAY = (Use.BOARD, Use.DETAILS, *SHARING)


@dataclass(frozen=True)
class OnBehalf:
    """None where nobody said. `may_be_contacted` is about the person themselves, not about whoever asked for them."""

    knows: bool | None = None
    may_be_contacted: bool | None = None


def check_on_behalf(person: OnBehalf, agreed: Collection[Use]) -> None:
    """Raise Invalid where somebody agreed that others may know of a person who does not know of it themselves."""
    if person.knows is False and not set(agreed).isdisjoint(_THEIRS_TO_SAY):
        raise Invalid({"they_know": say("They do not know of it yet, so nobody can agree for them. Ask them first.")})
