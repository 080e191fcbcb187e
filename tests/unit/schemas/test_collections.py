"""Collections and pages of others, and ours."""

import pytest

from schemas.activities import Delete
from schemas.collections import OrderedCollection, OrderedCollectionPage, parse_collection
from schemas.context import AS, NOTE_CONTEXT
from schemas.errors import InvalidDocument
from schemas.fields import document, embedded


# C-35
def test_followers_tell_only_a_number() -> None:
    followers = OrderedCollection(id="x:1", total_items=3)
    assert document(followers) == {"@context": AS, "id": "x:1", "type": "OrderedCollection", "totalItems": 3}


# C-32
def test_a_page_lists_whole_activities_under_one_context() -> None:
    delete = Delete(id="x:2", actor="x:3", object="x:4")
    page = OrderedCollectionPage(id="x:1?page=1", part_of="x:1", ordered_items=(embedded(delete),))
    sent = document(page)
    assert sent["@context"] == NOTE_CONTEXT
    assert parse_collection(sent) == page
    nested = parse_collection({**sent, "orderedItems": [document(delete), "x:5", None, 7]})
    assert nested.ordered_items == (embedded(delete), "x:5")


def test_unordered_collections_and_single_items_are_read() -> None:
    page = parse_collection({"type": "as:CollectionPage", "items": "x:1", "next": {"id": "x:2"}, "partOf": ["x:3"]})
    assert isinstance(page, OrderedCollectionPage)
    assert (page.ordered_items, page.next, page.part_of) == (("x:1",), "x:2", "x:3")
    whole = parse_collection({"type": "Collection", "first": {"type": "CollectionPage", "items": []}})
    assert isinstance(whole, OrderedCollection)
    assert (whole.first, whole.ordered_items) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"totalItems": 3},
        {"type": "Note"},
        {"type": None},
        {"type": "Collection", "totalItems": -1},
        {"type": "Collection", "totalItems": "many"},
        {"type": "OrderedCollection", "orderedItems": ["x:1"] * 1001},
        {"type": "OrderedCollectionPage", "next": 7},
    ],
)
# C-38
def test_other_things_and_endless_ones_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument):
        parse_collection(wrong)  # type: ignore[arg-type]
