"""Named service areas drawn by the community. No maps of people."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

#: Side of the fixed grid in degrees, and the radius sent with a cell's centre.
GRID = Decimal("0.1")
MINIMUM_RADIUS_KM = 5


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
