"""Whether something may be here already: the same category in the same part of town. Nothing sealed is looked at."""

from node.domain.areas import spelled
from node.domain.notices import Notice


def is_like(notice: Notice, category: str, near: frozenset[str]) -> bool:
    """Of this category, and in one of the areas that are `near`, `spelled`; nothing is, where no area is said."""
    return spelled(notice.wording.area) in near and notice.wording.category == category
