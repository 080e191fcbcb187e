"""Our areas as readers choose them: each with the larger ones it lies within."""

from functools import reduce

from node.domain.areas import Area, Branch, around, meant, paths, told_area, tree
from node.services.community import Profile
from node.web.words import _

Areas = tuple[Area, ...]


def area_path(name: str, areas: Areas) -> str:
    """The area of this name behind those it lies within, the largest first; as it is where it is none of ours."""
    return _path(tuple(one.name for one in reversed(around(areas, name))) or (name,))


def area_options(areas: Areas) -> tuple[tuple[str, str], ...]:
    """Each area by its name, and with those it lies within."""
    return tuple((name, _path(path)) for name, path in paths(areas).items())


def area_tree(areas: Areas) -> tuple[Branch, ...]:
    """The areas that lie within no other, each with its own."""
    return tree(areas)


def largest(areas: Areas) -> tuple[str, ...]:
    """What the areas are called that lie within no other: together they are all there is."""
    return tuple(one.name for one in areas if not one.within)


def largest_around(name: str, areas: Areas) -> str:
    """The area of this name, or the one around it that lies within no other."""
    return around(areas, name)[-1].name


def told_elsewhere(name: str, profile: Profile) -> str:
    """What other communities are told in place of an area; nothing where they are not told any."""
    found = told_area(profile.areas, meant(profile.areas, name), profile.larger_areas_only)
    return found.name if found is not None else ""


def _path(names: tuple[str, ...]) -> str:
    first, *further = names
    return reduce(_behind, further, first)


def _behind(larger: str, area: str) -> str:
    return _("%(larger)s: %(area)s") % {"larger": larger, "area": area}


FILTERS = {
    "area_path": area_path,
    "area_options": area_options,
    "area_tree": area_tree,
    "largest": largest,
    "largest_around": largest_around,
    "told_elsewhere": told_elsewhere,
}
