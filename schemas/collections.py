"""Collections and their pages (ActivityPub section 5, C-31 to C-38)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from schemas.context import AS, NOTE_CONTEXT
from schemas.errors import InvalidDocument
from schemas.fields import Document, Json, MaybeId, Wire, as_list, one_type
from schemas.terms import plain

_NAMES = frozenset({"Collection", "OrderedCollection"})
_PAGES = frozenset({"CollectionPage", "OrderedCollectionPage"})
MAX_ITEMS = 1_000


def _items(value: Any) -> list[Any]:
    """Ids and whole objects; the `@context` of an object inside a page is the page's affair."""
    items = [item for item in as_list(value) if isinstance(item, str | dict) and item]
    if len(items) > MAX_ITEMS:
        raise ValueError(f"there are more than {MAX_ITEMS:,} items")
    return [_bare(item) if isinstance(item, dict) else item for item in items]


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in item if key != "@context"}


Items = Annotated[tuple[Annotated[str, Field(max_length=2048)] | dict[str, Any], ...], BeforeValidator(_items)]
Count = Annotated[int, Field(ge=0, le=2**53)]


class _Listing(Wire):
    """What a collection and its pages share. `ordered_items` is None where the items stand on pages or are hidden."""

    id: MaybeId = None
    total_items: Count | None = None
    ordered_items: Items | None = None

    def wire_context(self) -> Json:
        """The terms of notes where whole objects are listed."""
        return NOTE_CONTEXT if any(isinstance(item, dict) for item in self.ordered_items or ()) else AS


class OrderedCollection(_Listing):
    """A collection, newest first. Without `first` and items it tells only a number, as followers do (C-35)."""

    type: Annotated[
        Literal["OrderedCollection", "Collection"], BeforeValidator(lambda value: one_type(value, _NAMES))
    ] = "OrderedCollection"
    first: MaybeId = None


class OrderedCollectionPage(_Listing):
    """One page of a collection (C-32)."""

    type: Annotated[
        Literal["OrderedCollectionPage", "CollectionPage"], BeforeValidator(lambda value: one_type(value, _PAGES))
    ] = "OrderedCollectionPage"
    part_of: MaybeId = None
    next: MaybeId = None
    prev: MaybeId = None


def parse_collection(document: Document) -> OrderedCollection | OrderedCollectionPage:
    """Read a collection or a page, ordered or not. Raises InvalidDocument for anything else."""
    found = plain(document)
    if "type" not in found:
        raise InvalidDocument("type", "this is missing")
    if "orderedItems" not in found and "items" in found:
        found = {**found, "orderedItems": found["items"]}
    is_page = one_type(found.get("type"), _NAMES | _PAGES) in _PAGES
    return OrderedCollectionPage.parse_plain(found) if is_page else OrderedCollection.parse_plain(found)
