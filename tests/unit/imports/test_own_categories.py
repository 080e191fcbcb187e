"""A spreadsheet whose answers mean a category of the community's own: told by its key, or by its name."""

import pytest

from node.domain.categories import AS_SHIPPED, CategoryChange, OwnCategories, changed
from node.domain.spreadsheets import MappingWrong, parse_mapping, write_mapping
from node.services.imports import read_spreadsheet

OWN = changed(AS_SHIPPED, CategoryChange("", "Bike repair", like="repairs"))
SHEET = b"What?\nMy bike\n"


def mapping(category: str) -> bytes:
    return f'[columns]\n"What?" = "needs"\n[choices]\n"My bike" = "{category}"\n'.encode()


@pytest.mark.parametrize("said", ["own-bike-repair", "bike  Repair"])
def test_it_is_told_by_its_key_or_its_name(said: str) -> None:
    (draft,) = read_spreadsheet(SHEET, mapping(said), OWN).drafts
    assert (draft.wording.category, draft.wording.own_category) == ("repairs", "own-bike-repair")
    known = parse_mapping(mapping(said), OWN)
    assert parse_mapping(write_mapping(known).encode(), OWN) == known


@pytest.mark.parametrize(
    ("said", "own"), [("own-bike-repair", AS_SHIPPED), ("Bike repair", AS_SHIPPED), ("own-x", OWN)]
)
def test_what_nobody_added_is_named_with_what_there_is(said: str, own: OwnCategories) -> None:
    with pytest.raises(MappingWrong, match=f"“{said}” is not a category; use one of: .*groceries, ") as wrong:
        read_spreadsheet(SHEET, mapping(said), own)
    assert ("own-bike-repair" in wrong.value.message.partition(";")[2]) is (own is OWN)
