"""Several needs or offers written down at once: each is a notice of its own, and one code stands for all of them."""

from node.domain.errors import Invalid
from node.domain.notices import Kind, Wording, check_wording
from node.domain.phrases import say

MOST_TOGETHER = 6


def check_together(wordings: tuple[Wording, ...], kind: Kind, *, again: bool = False) -> tuple[Wording, ...]:
    """The words of each, trimmed. Raises Invalid as `check_wording` does, and where they are too many or the same.

    What was split may be of one category; asked for `again`, it is as it was.
    """
    checked = tuple(check_wording(one, kind) for one in wordings)
    if again:
        return checked
    if len(checked) > MOST_TOGETHER:
        raise Invalid({"category": say("Choose at most %(most)s.", most=MOST_TOGETHER)})
    if len({one.category_here for one in checked}) < len(checked):
        raise Invalid({"category": say("Choose each category once.")})
    return checked
