"""A place travels as the middle of a fixed square, never as the place itself."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.areas import GRID, MINIMUM_RADIUS_KM, Area, GridCell, grid_cell

LATITUDES = st.decimals(-90, 90, places=6)
LONGITUDES = st.decimals(-180, 180, places=6)


def cell(latitude: str, longitude: str) -> GridCell:
    found = grid_cell(Area("North Side", Decimal(latitude), Decimal(longitude)))
    assert found is not None
    return found


# C-133
@given(LATITUDES, LONGITUDES)
def test_the_middle_is_of_a_cell_near_by_and_always_the_same(latitude: Decimal, longitude: Decimal) -> None:
    area = Area("North Side", latitude, longitude)
    found = grid_cell(area)
    assert found is not None
    assert found == grid_cell(area)
    assert abs(found.latitude - latitude) <= GRID / 2
    assert abs(found.longitude - longitude) <= GRID / 2
    assert found.radius_km >= MINIMUM_RADIUS_KM == 5
    assert -90 <= found.latitude <= 90
    assert -180 <= found.longitude <= 180


# C-133
def test_neighbouring_points_give_the_same_cell_so_nothing_averages_out() -> None:
    assert cell("51.500001", "-0.09") == cell("51.599999", "-0.000001")
    assert cell("51.55", "-0.05") == GridCell(Decimal("51.55"), Decimal("-0.05"))


@pytest.mark.parametrize(("degrees", "middle"), [("0", "0.05"), ("-0.01", "-0.05"), ("-0.1", "-0.05"), ("0.1", "0.15")])
def test_cells_begin_at_whole_tenths_on_both_sides_of_nought(degrees: str, middle: str) -> None:
    assert cell(degrees, "0").latitude == Decimal(middle)


def test_the_ends_of_the_world_stay_on_it() -> None:
    assert cell("90", "180") == GridCell(Decimal(90), Decimal(180))


@pytest.mark.parametrize("area", [Area("North Side"), Area("North Side", Decimal(1)), Area("N", None, Decimal(1))])
def test_an_area_without_a_middle_has_no_cell(area: Area) -> None:
    assert grid_cell(area) is None
