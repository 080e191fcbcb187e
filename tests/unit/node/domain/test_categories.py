"""Categories of a community's own: their names, keys and hashtags, and how many there may be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.categories import (
    AS_SHIPPED,
    BY_KEY,
    LONGEST_NAME,
    MOST_OWN,
    CategoryChange,
    OwnCategories,
    as_hashtag,
    changed,
    is_own,
    without,
)
from node.domain.errors import Invalid

BIKES = changed(AS_SHIPPED, CategoryChange("", " Bike  repair ", "goods", like="repairs"))


def refused(own: OwnCategories, **wanted: str) -> dict[str, str]:
    """What is said beside each field."""
    with pytest.raises(Invalid) as raised:
        changed(own, CategoryChange(**{"key": "", "name": "Bikes", "like": "repairs"} | wanted))
    return {name: str(fault) for name, fault in raised.value.fields.items()}


def test_one_of_our_own_has_a_name_a_place_and_what_it_is_like() -> None:
    (key,) = BIKES.likes
    assert key == "own-bike-repair" and is_own(key) and key not in BY_KEY
    assert BIKES.keys[BIKES.keys.index("goods") + 1] == key
    assert (BIKES.name_of(key), BIKES.like(key), BIKES.like("goods"), BIKES.own("goods")) == (
        "Bike repair", "repairs", "goods", ""
    )  # fmt: skip
    assert [BIKES.find(said) for said in ("bike  REPAIR", key, "Goods", "Boats", "own-boats")] == [
        key, key, "goods", None, None
    ]  # fmt: skip


def test_it_is_renamed_mapped_anew_hidden_and_keeps_its_key() -> None:
    (key,) = BIKES.likes
    other = changed(BIKES, CategoryChange(key, "Wheels", "", is_hidden=True, like="transport"))
    assert (other.keys[0], other.name_of(key), other.like(key)) == (key, "Wheels", "transport")
    assert key not in {one.key for one in other.shown} and key in {one.key for one in other.arranged}
    again = changed(other, CategoryChange("", "Bike repair", "", like="repairs"))
    assert again.likes.keys() == {key, "own-bike-repair-2"}


def test_taken_away_nothing_is_left_of_it() -> None:
    (key,) = BIKES.likes
    assert without(BIKES, key) == AS_SHIPPED
    assert without(BIKES, "goods") == BIKES
    assert (BIKES.name_of(key), AS_SHIPPED.name_of(key)) == ("Bike repair", "Something else")


def test_what_cannot_be_says_why() -> None:
    assert refused(AS_SHIPPED, name=" ") == {"name": "Say what it is called."}
    assert refused(AS_SHIPPED, name="112") == {"name": "Say what it is called, in letters."}
    assert refused(AS_SHIPPED, like="") == {"like": "Choose the one it is most like."}
    assert refused(BIKES, like="own-bike-repair").keys() == {"like"}
    assert refused(AS_SHIPPED, name="x" * (LONGEST_NAME + 1)).keys() == {"name"}
    assert changed(AS_SHIPPED, CategoryChange("", "x" * LONGEST_NAME, like="goods")).likes


@pytest.mark.parametrize("name", ["bike REPAIR", "Bike-Repair", "Bíke repair", "Meals", "Mutual Aid", "Announcements"])
def test_no_two_are_called_alike_nor_as_a_hashtag_that_means_something_else(name: str) -> None:
    assert refused(BIKES, name=name) == {"name": "Another category is called that already."}


def test_there_are_at_most_so_many() -> None:
    many = AS_SHIPPED
    for number in range(MOST_OWN):
        many = changed(many, CategoryChange("", f"Own {'x' * number}y", like="goods"))
    assert len(many.likes) == MOST_OWN == 20
    assert refused(many) == {"name": "You have 20 of your own already. Take one away first."}
    (first, *_) = many.likes
    assert changed(many, CategoryChange(first, "Bikes", like="repairs")).name_of(first) == "Bikes"


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Bike repair", "BikeRepair"),
        ("réparer un vélo", "ReparerUnVelo"),
        ("Weiße Wäsche & Öfen", "WeisseWascheOfen"),
        ("Children's café", "ChildrensCafe"),
        ("24 hours", "24Hours"),
        ("USB cables", "USBCables"),
        ("إصلاح الدراجات", ""),
        ("repair إصلاح", ""),
        ("自転車", ""),
        ("1 2 3", ""),
        ("", ""),
    ],
)
def test_a_name_as_a_hashtag(name: str, tag: str) -> None:  # C-144
    assert as_hashtag(name) == tag


@given(st.text(max_size=LONGEST_NAME))
def test_any_name_gives_a_sound_hashtag_or_none_and_a_key_that_nothing_shipped_has(name: str) -> None:  # C-144
    assert re.fullmatch(r"([A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*)?", as_hashtag(name))
    try:
        (key,) = changed(AS_SHIPPED, CategoryChange("", name, like="goods")).likes
    except Invalid:
        return
    assert re.fullmatch(r"own-[a-z0-9-]{1,36}", key) and key not in BY_KEY


def test_names_in_other_letters_have_keys_of_their_own() -> None:
    both = changed(AS_SHIPPED, CategoryChange("", "إصلاح", like="repairs"))
    both = changed(both, CategoryChange("", "自転車", like="transport"))
    assert set(both.likes) == {"own-1", "own-2"}
