"""Named service areas drawn by the community. No maps of people."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from node.domain.errors import Conflict, Invalid
from node.domain.phrases import say

#: Side of the fixed grid in degrees, and the radius sent with a cell's centre.
GRID = Decimal("0.1")
MINIMUM_RADIUS_KM = 5
MOST_AREAS = 200
LONGEST_NAME = 80
#: No more of a middle is kept: about a kilometre.
KEPT = Decimal("0.01")


@dataclass(frozen=True)
class Area:
    """A district by name; its rough middle (degrees) is optional."""

    name: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None


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


def with_new(areas: tuple[Area, ...], names: Iterable[str]) -> tuple[Area, ...]:
    """The areas with those of these names behind them that are not among them yet. Raises Invalid at `names`."""
    known = {_key(area.name) for area in areas}
    fresh: dict[str, Area] = {}
    for name in filter(None, map(tidy_name, names)):
        if len(name) > LONGEST_NAME:
            raise Invalid({"names": say("Write each name in at most %(most)s characters.", most=LONGEST_NAME)})
        if _key(name) not in known:
            fresh.setdefault(_key(name), Area(name))
    if len(areas) + len(fresh) > MOST_AREAS:
        raise Invalid({"names": say("At most %(most)s areas can be kept.", most=MOST_AREAS)})
    return (*areas, *fresh.values())


def with_changed(areas: tuple[Area, ...], name: str, changed: Area, behind: str) -> tuple[Area, ...]:
    """The areas with the one of this name as it is `changed`, standing `behind` another one; first where that is empty.

    Raises Invalid beside each field, and Conflict where there is no area of this name any more.
    """
    others = without(areas, name)
    if len(others) == len(areas):
        raise Conflict(say("That area is not on the list any more."))
    checked = _checked(changed)
    if _key(checked.name) in {_key(one.name) for one in others}:
        raise Invalid({"name": say("There is an area of this name already.")})
    place = next((number for number, one in enumerate(others, 1) if one.name == behind), 0)
    return (*others[:place], checked, *others[place:])


def without(areas: tuple[Area, ...], name: str) -> tuple[Area, ...]:
    """The areas but the one of this name."""
    return tuple(one for one in areas if one.name != name)


def _checked(area: Area) -> Area:
    name = tidy_name(area.name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"name": say("Write the area's name, in at most %(most)s characters.", most=LONGEST_NAME)})
    if area.latitude is None or area.longitude is None:
        return Area(name)
    if abs(area.latitude) > 90 or abs(area.longitude) > 180:
        raise Invalid({"middle": say("Write the two numbers as a map shows them, such as 51.54, -0.12.")})
    return replace(area, name=name, latitude=area.latitude.quantize(KEPT), longitude=area.longitude.quantize(KEPT))


def tidy_name(name: str) -> str:
    """The name with single spaces, as it is kept."""
    return " ".join(name.split())


def _key(name: str) -> str:
    return name.casefold()
