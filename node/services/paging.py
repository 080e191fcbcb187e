"""Lists read page by page, with a cursor that says nothing to anyone but us."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from node.domain.errors import Invalid
from node.domain.phrases import say

T = TypeVar("T")

LARGEST_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, and the cursor of the next page if there is one."""

    items: tuple[T, ...]
    next: str | None


def read_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The (time, id) to go on behind. Raises Invalid for a cursor that is not ours."""
    if not cursor:
        return None
    try:
        moment, _, item_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return datetime.fromisoformat(moment).astimezone(UTC), item_id
    except (ValueError, OverflowError) as error:
        raise Invalid({"after": say("This is not a cursor of ours. Start again from the first page.")}) from error


def page(items: tuple[T, ...], limit: int, place: Callable[[T], tuple[datetime, str]]) -> Page[T]:
    """A page from up to `limit + 1` items that were read; the extra one only tells that there are more."""
    if len(items) <= limit:
        return Page(items, None)
    moment, item_id = place(items[limit - 1])
    cursor = base64.urlsafe_b64encode(f"{moment.isoformat()}|{item_id}".encode()).decode()
    return Page(items[:limit], cursor)


def page_size(limit: int) -> int:
    """The limit kept between 1 and LARGEST_PAGE."""
    return max(1, min(limit, LARGEST_PAGE))
