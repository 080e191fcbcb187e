"""Named, nested service areas drawn by the community. No maps of people."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say
from node.domain.spelling import tidy_name

#: Side of the fixed grid in degrees, and the radius sent with a cell's centre.
GRID = Decimal("0.1")
MINIMUM_RADIUS_KM = 5
MOST_AREAS = 200
LONGEST_NAME = 80
#: As a side of town, a quarter in it, and a few streets in that.
MOST_LEVELS = 3
#: No more of a middle is kept: about a kilometre.
KEPT = Decimal("0.01")
TOO_DEEP = say(
    "Choose a larger area on the list that does not lie within this one. At most %(most)s may lie one within another.",
    most=MOST_LEVELS,
)
_APART = re.compile(r"\s*:\s*")
#: Marks of direction that pages put around names; they come along when one is copied.
_UNSEEN = dict.fromkeys((0x200E, 0x200F, 0x2066, 0x2067, 0x2068, 0x2069))


@dataclass(frozen=True)
class Area:
    """A district by name; its rough middle (degrees) is optional. It lies `within` the one of that name, if any."""

    name: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    within: str = ""


@dataclass(frozen=True)
class Branch:
    """An area, and what lies directly within it, each with its own."""

    area: Area
    smaller: tuple["Branch", ...]


@dataclass(frozen=True)
class GridCell:
    """What may travel of a place: the centre of a cell of the fixed grid, and a radius in km."""

    latitude: Decimal
    longitude: Decimal
    radius_km: int = MINIMUM_RADIUS_KM


def grid_cell(area: Area) -> GridCell | None:
    """The cell the area's middle falls in. The same input always gives the same cell, so nothing averages out."""
    if area.latitude is None or area.longitude is None:
        return None
    return GridCell(_centre(area.latitude, Decimal(90)), _centre(area.longitude, Decimal(180)))


def _centre(degrees: Decimal, limit: Decimal) -> Decimal:
    steps = (degrees / GRID).to_integral_value(rounding=ROUND_FLOOR)
    return min(steps * GRID + GRID / 2, limit)


def with_new(areas: tuple[Area, ...], names: Iterable[str], within: str = "") -> tuple[Area, ...]:
    """The areas with those of these names that are not among them yet, last in the one they lie `within`.

    Raises Invalid at `names` and `within`.
    """
    known = {spelled(area.name) for area in areas}
    fresh: dict[str, Area] = {}
    for name in filter(None, map(tidy_name, names)):
        if len(name) > LONGEST_NAME:
            raise Invalid({"names": say("Write each name in at most %(most)s characters.", most=LONGEST_NAME)})
        if spelled(name) not in known:
            fresh.setdefault(spelled(name), Area(name, within=within))
    if len(areas) + len(fresh) > MOST_AREAS:
        raise Invalid({"names": say("At most %(most)s areas can be kept.", most=MOST_AREAS)})
    return nested((*areas, *fresh.values()))


def with_changed(areas: tuple[Area, ...], name: str, changed: Area, behind: str) -> tuple[Area, ...]:
    """The areas with the one of this name as it is `changed`, and what lies within it.

    Beside its neighbours it stands `behind` another one, first where that is empty; last in one it did not lie within
    before. Raises Invalid beside each field, and Conflict where there is no area of this name any more.
    """
    before = next((one for one in areas if one.name == name), None)
    if before is None:
        raise Conflict(say("That area is not on the list any more."))
    checked = _checked(changed)
    others = tuple(one for one in areas if one is not before)
    if spelled(checked.name) in {spelled(one.name) for one in others}:
        raise Invalid({"name": say("There is an area of this name already.")})
    if checked.within == name:
        raise Invalid({"within": TOO_DEEP})
    others = tuple(replace(one, within=checked.name) if one.within == name else one for one in others)
    place = next((number for number, one in enumerate(others, 1) if one.name == behind), 0)
    if checked.within != before.within:
        place = len(others)
    return nested((*others[:place], checked, *others[place:]))


def without(areas: tuple[Area, ...], name: str) -> tuple[Area, ...]:
    """The areas but the one of this name; what lay within it moves up into its place."""
    gone = next((one for one in areas if one.name == name), None)
    if gone is None:
        return areas
    return tuple(replace(one, within=gone.within) if one.within == name else one for one in areas if one is not gone)


def nested(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    """The areas in the order of their lists: each before what lies within it.

    Raises Invalid where one lies within none of them, within itself, or too deep.
    """
    ordered = tuple(area for area, _level in _flat(tree(areas)))
    if len(ordered) != len(areas) or any(level > MOST_LEVELS for _area, level in _flat(tree(areas))):
        raise Invalid({"within": TOO_DEEP})
    return ordered


def tree(areas: tuple[Area, ...], within: str = "") -> tuple[Branch, ...]:
    """What lies directly within the area of this name, or within none, each with its own."""
    inside: dict[str, list[Area]] = {}
    for one in areas:
        inside.setdefault(one.within, []).append(one)

    def branches(larger: str) -> tuple[Branch, ...]:
        return tuple(Branch(one, branches(one.name)) for one in inside.get(larger, ()))

    return branches(within)


def may_hold(areas: tuple[Area, ...], name: str) -> tuple[Area, ...]:
    """Within which of them the one of this name may lie, with all that lies within it; a new one where it is empty."""
    inside = tuple(_flat(tree(areas, name))) if name else ()
    height = 1 + max((level for _area, level in inside), default=0)
    own = {name, *(area.name for area, _level in inside)}
    return tuple(one for one in areas if one.name not in own and len(around(areas, one.name)) + height <= MOST_LEVELS)


def around(areas: tuple[Area, ...], name: str) -> tuple[Area, ...]:
    """The area of this name, however it is spelled, and each larger one around it; nothing where it is none of them."""
    known = {spelled(one.name): one for one in areas}
    found: list[Area] = []
    while (one := known.get(spelled(name))) is not None and one not in found:
        found.append(one)
        name = one.within
    return tuple(found)


def covered(areas: tuple[Area, ...], name: str) -> tuple[str, ...]:
    """What counts as this area where something is looked for: its name as it is said, as it is kept, and all in it."""
    found = [one.name for one in around(areas, meant(areas, name))[:1]]
    inside = [area.name for own in found for area, _level in _flat(tree(areas, own))]
    return tuple(dict.fromkeys((name, *found, *inside)))


def near(areas: tuple[Area, ...], name: str) -> frozenset[str]:
    """Every area, `spelled`, that covers the one of this name or lies within it, itself among them. Nothing of none."""
    names = (*(one.name for one in around(areas, meant(areas, name))), *covered(areas, name))
    return frozenset(filter(None, map(spelled, names)))


def told_area(areas: tuple[Area, ...], name: str, larger_only: bool) -> Area | None:
    """What others are told of where something is: its area, or with `larger_only` the largest around it.

    Words that are none of ours go as they are, or with `larger_only` not at all. None where nothing is told.
    """
    found = around(areas, name)
    if larger_only:
        return found[-1] if found else None
    return found[0] if found else Area(name) if name else None


def told_names(areas: tuple[Area, ...], larger_only: bool) -> tuple[str, ...]:
    """What others are told our areas are called."""
    return tuple(one.name for one in areas if not (larger_only and one.within))


def with_words(areas: tuple[Area, ...], words: str) -> tuple[str, ...]:
    """Every area in whose name these words are, and what lies within it."""
    return tuple(name for name, path in paths(areas).items() if any(spelled(words) in spelled(one) for one in path))


def meant(areas: tuple[Area, ...], typed: str) -> str:
    """The name of the area that was typed, however it is spelled, also with larger ones before it; else the words."""
    words = typed.translate(_UNSEEN)
    known = {spelled(one.name): one.name for one in areas}
    behind = {_apart(":".join(path)): name for name, path in paths(areas).items() if len(path) > 1}
    return known.get(spelled(words)) or behind.get(_apart(words)) or tidy_name(typed)


def paths(areas: tuple[Area, ...]) -> dict[str, tuple[str, ...]]:
    """Each area by its name, in their order, with the names of every larger one around it and its own, from outside."""
    found: dict[str, tuple[str, ...]] = {}
    for one in areas:  # each stands before what lies within it
        found[one.name] = (*found.get(one.within, ()), one.name)
    return found


def smaller_named(areas: tuple[Area, ...], words: str) -> tuple[str, ...]:
    """The areas within others whose names stand in these words."""
    said = spelled(words)
    inside = (one.name for one in areas if one.within)
    return tuple(name for name in inside if re.search(rf"(?<!\w){re.escape(spelled(name))}(?!\w)", said))


def _flat(branches: tuple[Branch, ...], level: int = 1) -> Iterator[tuple[Area, int]]:
    for one in branches:
        yield one.area, level
        yield from _flat(one.smaller, level + 1)


def _apart(path: str) -> str:
    return spelled(_APART.sub(": ", path))


def _checked(area: Area) -> Area:
    name = tidy_name(area.name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": say("Write the area's name, in at most %(most)s characters.", most=LONGEST_NAME)})
    if area.latitude is None or area.longitude is None:
        return Area(name, within=area.within)
    if abs(area.latitude) > 90 or abs(area.longitude) > 180:
        raise Invalid({"middle": say("Write the two numbers as a map shows them, such as 51.54, -0.12.")})
    return replace(area, name=name, latitude=area.latitude.quantize(KEPT), longitude=area.longitude.quantize(KEPT))


def spelled(name: str) -> str:
    """The name as it is compared: neither capitals nor spaces make another one of it."""
    return tidy_name(name).casefold()
