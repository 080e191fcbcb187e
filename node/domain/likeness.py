"""Whether something may be here already: the same category in the same part of town. Nothing sealed is looked at."""

from node.domain.notices import Notice


def is_like(notice: Notice, category: str, area: str) -> bool:
    """Of this category, and in this area, however it is spelled; nothing is, where no area is said."""
    place = _plain(area)
    is_there = bool(place) and _plain(notice.wording.area) == place
    return is_there and notice.wording.category == category


def _plain(area: str) -> str:
    return " ".join(area.split()).casefold()
