"""Areas lie one within another: moved with all they hold, never in a circle, and found from outside."""

import pytest

from node.domain.areas import (
    LONGEST_NAME,
    MOST_AREAS,
    MOST_LEVELS,
    Area,
    covered,
    may_hold,
    meant,
    near,
    nested,
    paths,
    smaller_named,
    told_area,
    told_names,
    with_changed,
    with_new,
    with_words,
    without,
)
from node.domain.errors import Conflict, Invalid

MILL = Area("Mill Lane", within="Riverside")
RIVERSIDE = Area("Riverside", within="North Side")
TOWN = (Area("North Side"), RIVERSIDE, MILL, Area("Hill", within="North Side"), Area("Quay"))


def names(areas: tuple[Area, ...]) -> list[str]:
    return [one.name for one in areas]


def test_each_stands_before_what_lies_within_it() -> None:
    assert nested((MILL, Area("Quay"), RIVERSIDE, Area("North Side"))) == (Area("Quay"), Area("North Side"), *TOWN[1:3])
    assert nested(()) == ()


@pytest.mark.parametrize(
    "areas",
    [
        (Area("A", within="A"),),
        (Area("A", within="B"), Area("B", within="A")),
        (Area("A", within="Nowhere"),),
        (*TOWN, Area("Two houses", within="Mill Lane")),
    ],
)
def test_none_lies_in_a_circle_or_nowhere_or_too_deep(areas: tuple[Area, ...]) -> None:
    assert MOST_LEVELS == 3
    with pytest.raises(Invalid) as refused:
        nested(areas)
    assert refused.value.fields["within"].startswith("Choose a larger area on the list")


def test_new_ones_are_last_in_the_larger_one() -> None:
    assert names(with_new(TOWN, ["Ferry", " mill  lane ", "Ferry"], "Riverside")) == [
        "North Side", "Riverside", "Mill Lane", "Ferry", "Hill", "Quay",
    ]  # fmt: skip
    for within in ("Mill Lane", "Nowhere"):
        with pytest.raises(Invalid):
            with_new(TOWN, ["Ferry"], within)
    many = tuple(Area(str(number), within="" if number == 0 else "0") for number in range(MOST_AREAS))
    assert (len(many), LONGEST_NAME) == (200, 80)
    for found, wanted in ((many, "One more"), (TOWN, "x" * (LONGEST_NAME + 1))):
        with pytest.raises(Invalid) as refused:
            with_new(found, [wanted])
        assert "names" in refused.value.fields


def test_a_new_name_goes_to_what_lies_within_and_to_nothing_else() -> None:
    after = with_changed(TOWN, "North Side", Area("Upper Side"), "")
    assert after == (
        Area("Upper Side"), Area("Riverside", within="Upper Side"), MILL, Area("Hill", within="Upper Side"), TOWN[-1]
    )  # fmt: skip


def test_one_that_is_moved_takes_along_what_it_holds_and_stands_last() -> None:
    after = with_changed(TOWN, "Riverside", Area("Riverside", within="Quay"), "")
    assert names(after) == ["North Side", "Hill", "Quay", "Riverside", "Mill Lane"]
    assert names(with_changed(TOWN, "Quay", Area("Quay", within="North Side"), "")) == [
        "North Side", "Riverside", "Mill Lane", "Hill", "Quay",
    ]  # fmt: skip
    assert names(with_changed(TOWN, "Quay", Area("Quay"), ""))[0] == "Quay"
    assert names(with_changed(TOWN, "Riverside", RIVERSIDE, "Hill")) == [
        "North Side", "Hill", "Riverside", "Mill Lane", "Quay",
    ]  # fmt: skip


@pytest.mark.parametrize("within", ["North Side", "Upper Side", "Riverside", "Mill Lane", "Nowhere"])
def test_no_area_is_moved_into_itself_or_into_what_it_holds(within: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_changed(TOWN, "North Side", Area("Upper Side", within=within), "")
    assert list(refused.value.fields) == ["within"]


def test_two_levels_do_not_go_where_there_is_room_for_one() -> None:
    with pytest.raises(Invalid):
        with_changed((*TOWN, Area("Town")), "North Side", Area("North Side", within="Town"), "")
    assert names(may_hold(TOWN, "Riverside")) == ["North Side", "Quay"]
    assert names(may_hold(TOWN, "North Side")) == []
    assert names(may_hold(TOWN, "Quay")) == ["North Side", "Riverside", "Hill"]
    assert names(may_hold(TOWN, "")) == ["North Side", "Riverside", "Hill", "Quay"]


def test_what_lay_within_one_that_is_taken_off_moves_up_into_its_place() -> None:
    assert without(TOWN, "North Side") == (Area("Riverside"), MILL, Area("Hill"), Area("Quay"))
    assert without(TOWN, "Riverside")[1] == Area("Mill Lane", within="North Side")
    assert without(TOWN, "Nowhere") == TOWN
    with pytest.raises(Conflict):
        with_changed(TOWN, "Nowhere", Area("Nowhere"), "")


def test_a_larger_one_covers_what_lies_within_it() -> None:
    assert covered(TOWN, "north side") == ("north side", "North Side", "Riverside", "Mill Lane", "Hill")
    assert covered(TOWN, "Quay") == ("Quay",)
    assert covered(TOWN, "North Side: Hill") == ("North Side: Hill", "Hill")
    assert covered((), "By the well") == ("By the well",)
    assert with_words(TOWN, "RIVER") == ("Riverside", "Mill Lane")
    assert with_words(TOWN, "well") == ()


def test_near_is_what_lies_within_and_around_and_not_beside() -> None:
    assert near(TOWN, "Riverside") == {"riverside", "mill lane", "north side"}
    assert near(TOWN, "By  the Well") == {"by the well"}
    assert near(TOWN, "") == near(TOWN, "  ") == frozenset()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("riverside", "Riverside"),
        ("North Side: Riverside", "Riverside"),
        ("north side :  riverside:Mill Lane", "Mill Lane"),
        ("\u2068North Side\u2069: \u2068Riverside\u2069", "Riverside"),
        ("Riverside: Mill Lane", "Riverside: Mill Lane"),
        ("Quay : corner  of Elm Street", "Quay : corner of Elm Street"),
        ("", ""),
    ],
)
def test_an_area_is_known_however_it_is_typed(typed: str, name: str) -> None:
    assert meant(TOWN, typed) == name


def test_a_name_with_a_colon_is_itself() -> None:
    areas = (Area("Zone:3"), Area("Zone"), Area("3", within="Zone"))
    assert meant(areas, "zone:3") == "Zone:3"
    assert meant(areas, "zone: 3") == "3"
    assert paths(areas) == {"Zone:3": ("Zone:3",), "Zone": ("Zone",), "3": ("Zone", "3")}


def test_others_are_told_the_area_or_the_largest_around_it_and_then_nothing_else() -> None:
    for name, only, place in (
        ("mill lane", False, MILL),
        ("mill lane", True, TOWN[0]),
        ("Quay", True, TOWN[-1]),
        ("By the well", False, Area("By the well")),
        ("By the well", True, None),
        ("", False, None),
    ):
        assert told_area(TOWN, name, larger_only=only) == place
    assert told_names(TOWN, larger_only=False) == tuple(names(TOWN))
    assert told_names(TOWN, larger_only=True) == ("North Side", "Quay")


def test_smaller_areas_are_found_in_words_and_not_in_parts_of_them() -> None:
    assert smaller_named(TOWN, "By the Hill, near  MILL lane; North Side") == ("Mill Lane", "Hill")
    assert smaller_named(TOWN, "Uphill from Mill Lanes, Quay") == ()
