"""Links, hashtags and mentions."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from schemas.fields import Id, Ids, MaybeText, MaybeUrl, Text, Wire, as_list, is_empty, kind, one_type

MAX_TAGS = 32


class Link(Wire):
    """A link with its relations (FEP-e232 for links to objects)."""

    type: Annotated[Literal["Link"], kind("Link")] = "Link"
    href: Id
    media_type: MaybeText = None
    name: MaybeText = None
    rel: Annotated[Ids, Field(exclude_if=is_empty)] = ()


class Hashtag(Wire):
    """A hashtag, `#` included in its name."""

    type: Annotated[Literal["Hashtag"], kind("Hashtag")] = "Hashtag"
    name: Text
    href: MaybeUrl = None


class Mention(Wire):
    """Somebody named in the text."""

    type: Annotated[Literal["Mention"], kind("Mention")] = "Mention"
    href: Id
    name: MaybeText = None


_NEEDED = {"Hashtag": "name", "Link": "href", "Mention": "href"}
_KNOWN = frozenset(_NEEDED)


def _tag_kind(value: Any) -> str | None:
    found = value.type if isinstance(value, Wire) else one_type(value.get("type"), _KNOWN)  # type: ignore[attr-defined]
    return f"~{found}"


def _known_tags(value: Any) -> list[Any]:
    """The tags we know among at most 32 (T-21); emoji and half-written ones are passed over."""
    tags = as_list(value)
    if len(tags) > MAX_TAGS:
        raise ValueError(f"there are more than {MAX_TAGS} tags")
    return [tag for tag in tags if isinstance(tag, Wire) or _is_known(tag)]


def _is_known(tag: Any) -> bool:
    if not isinstance(tag, dict):
        return False
    needed = _NEEDED.get(one_type(tag.get("type"), _KNOWN) or "")
    return needed is not None and isinstance(tag.get(needed), str)


Tags = Annotated[
    tuple[
        Annotated[
            Annotated[Hashtag, Tag("~Hashtag")] | Annotated[Mention, Tag("~Mention")] | Annotated[Link, Tag("~Link")],
            Discriminator(_tag_kind),
        ],
        ...,
    ],
    BeforeValidator(_known_tags),
]
