"""Our areas as readers choose them: each with the larger ones it lies within."""

from functools import reduce

from node.domain.areas import Area, Branch, path_of, tree
from node.web.words import _

Areas = tuple[Area, ...]


def area_path(name: str, areas: Areas) -> str:
    """The area of this name behind those it lies within, the largest first; as it is where it is none of ours."""
    first, *further = path_of(areas, name) or (name,)
    return reduce(_behind, further, first)


def area_options(areas: Areas) -> tuple[tuple[str, str], ...]:
    """Each area by its name, and with those it lies within."""
    return tuple((one.name, area_path(one.name, areas)) for one in areas)


def area_tree(areas: Areas) -> tuple[Branch, ...]:
    """The areas that lie within no other, each with its own."""
    return tree(areas)


def largest(areas: Areas) -> tuple[str, ...]:
    """What the areas are called that lie within no other: together they are all there is."""
    return tuple(one.name for one in areas if not one.within)


def _behind(larger: str, area: str) -> str:
    return _("%(larger)s: %(area)s") % {"larger": larger, "area": area}


FILTERS = {"area_path": area_path, "area_options": area_options, "area_tree": area_tree, "largest": largest}
