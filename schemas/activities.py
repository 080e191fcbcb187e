"""Activities: what one actor tells others. The closed union of all we read and send, and the way in."""

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from schemas.changes import Create, Delete, Update
from schemas.errors import InvalidDocument
from schemas.fields import Document, Id, MaybeId, Wire, one_id, one_type
from schemas.reactions import Announce, Block, Flag, Like, Move
from schemas.requests import (
    Accept,
    Addressed,
    Follow,
    Introduction,
    Offer,
    Reject,
    Undo,
    offers_actor,
    offers_agreement,
)
from schemas.terms import plain, plain_top
from schemas.wire import require_activitystreams

__all__ = [
    "Accept",
    "Activity",
    "Announce",
    "Block",
    "Create",
    "Delete",
    "Flag",
    "Follow",
    "Heading",
    "Introduction",
    "Like",
    "Move",
    "Offer",
    "Reaction",
    "Reject",
    "Undo",
    "Unknown",
    "Update",
    "parse_activity",
    "parse_heading",
]


class Unknown(Addressed):
    """An activity of a kind we do not use: answered 202 and left alone (C-111). Only type, id and actor are read."""

    type: Annotated[str, Field(max_length=200)]


Reaction: TypeAlias = Like | Announce | Flag | Block | Move
Activity: TypeAlias = (
    Follow | Accept | Reject | Undo | Create | Update | Delete | Offer | Introduction | Reaction | Unknown
)


_KINDS: dict[str, type[Follow | Accept | Reject | Undo | Create | Update | Delete | Reaction]] = {
    "Create": Create,
    "Update": Update,
    "Delete": Delete,
    "Follow": Follow,
    "Accept": Accept,
    "Reject": Reject,
    "Undo": Undo,
    "Like": Like,
    "Announce": Announce,
    "Flag": Flag,
    "Block": Block,
    "Move": Move,
}
_KNOWN = frozenset({*_KINDS, "Offer"})


def _type(value: Any) -> Any:
    return one_type(value, _KNOWN)


def _about(value: Any) -> Any:
    """The one id an object has; None where it has none, or is not one object."""
    try:
        found = one_id(value)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


class Heading(Wire):
    """What an inbox has to know of an activity before it takes it in: which kind, whose, and about what (C-62).

    Everything else is read when it is handled, and once.
    """

    id: MaybeId = None
    type: Annotated[str, Field(max_length=200), BeforeValidator(_type)]
    actor: Id
    object: Annotated[MaybeId, BeforeValidator(_about)] = None


def parse_heading(document: Document) -> Heading:
    """Read the top of an activity, with the promises of `parse_activity`. Raises InvalidDocument, and nothing else.

    What lies deeper than in what it is about is read, and refused, when it is handled.
    """
    found = plain_top(document)
    require_activitystreams(found)
    return Heading.parse_plain(found)


def parse_activity(document: Document) -> Activity:
    """Read an activity as any server may write it (peers.md).

    Promised: frozen values with plain names; nothing of `@graph`, `@included` or `@reverse` (T-13); LD signatures and
    proofs are not looked at. Who may say it is for others to decide (section 3, C-88 to C-101).
    Raises InvalidDocument, and nothing else.
    """
    found = plain(document)
    require_activitystreams(found)
    name = one_type(found.get("type"), _KNOWN)
    if name in _KINDS:
        return _KINDS[name].parse_plain(found)
    if name == "Offer" and offers_agreement(found):
        return Offer.parse_plain(found)
    if name == "Offer" and offers_actor(found):
        return Introduction.parse_plain(found)
    if name is None:
        raise InvalidDocument("type", "this is missing")
    return Unknown.parse_plain({"type": name, **{key: found[key] for key in ("id", "actor") if key in found}})
