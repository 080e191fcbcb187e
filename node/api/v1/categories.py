"""Calls about the categories of this community."""

from node.api.v1.fields import Answer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.categories import OwnCategories, is_own
from node.services.community import profile


class CategoryAnswer(Answer):
    """One category, by the `name` it has here.

    `like` is the one of the twenty shipped ones under which other communities know it: the same `key` for each of
    those. `is_own` tells that this community added it. `is_offered` tells whether whoever asks or offers may choose it.
    """

    key: str
    name: str
    like: str
    is_own: bool
    is_offered: bool


class CategoryList(Answer):
    """All of them, in the order in which they stand here. `next` is always null."""

    items: tuple[CategoryAnswer, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> CategoryList:
    """The categories that a need, an offer or a resource may have."""
    own = (await profile(call.community)).categories
    return CategoryList(items=tuple(_answer(own, key) for key in own.keys), next=None)


def _answer(own: OwnCategories, key: str) -> CategoryAnswer:
    return CategoryAnswer(
        key=key,
        name=str(own.name_of(key)),
        like=own.like(key),
        is_own=is_own(key),
        is_offered=key not in own.hidden,
    )


OPERATIONS = (
    Operation(
        "GET", "/categories", "list_categories", "The categories of this community", listing, CategoryList,
        access=Access.MEMBER,
    ),
)  # fmt: skip
