"""What goes to a neighbouring community and what is taken in from it, by category. It starts with the least."""

from collections.abc import Iterable
from dataclasses import dataclass

from node.domain.categories import BY_KEY, DELICATE, SHIPPED
from node.domain.errors import Invalid
from node.domain.phrases import say

EVERY = frozenset(BY_KEY)
#: Where a new link starts: whatever is delicate waits until a steward switches it on.
LEAST = EVERY - DELICATE
UNKNOWN = say("Choose from the categories of this community.")


@dataclass(frozen=True)
class Exchange:
    """Of the notices for neighbours: the categories that go there (`sends`) and that are taken in (`receives`)."""

    sends: frozenset[str] = LEAST
    receives: frozenset[str] = LEAST

    def gives(self, category: str) -> bool:
        """Whether our notices of this category go there."""
        return _known(category) in self.sends

    def takes(self, category: str) -> bool:
        """Whether theirs of this category are taken in."""
        return _known(category) in self.receives


def chosen(categories: Iterable[str], field: str) -> frozenset[str]:
    """These categories, all of them known. Raises Invalid beside `field`."""
    wanted = frozenset(categories)
    if not wanted <= EVERY:
        raise Invalid({field: UNKNOWN})
    return wanted


def in_order(categories: Iterable[str]) -> tuple[str, ...]:
    """The keys in the order in which categories are always listed."""
    wanted = frozenset(categories)
    return tuple(category.key for category in SHIPPED if category.key in wanted)


def _known(category: str) -> str:
    """A category that is not known here counts as "something else", as it is shown."""
    return category if category in BY_KEY else "other"
