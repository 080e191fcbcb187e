"""What strangers do with what they read: Like, Announce, Flag, Block, Move (protocol 2.11). We read them and send none.

They come from ordinary social servers. What they are about is only an id here: nothing is believed from a copy.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from schemas.fields import Id, MaybeText, as_list, kind, many_ids, maybe_id, one_type, single
from schemas.requests import Addressed

MAX_FLAGGED = 100

_ANNOUNCED = frozenset({"Create", "Update", "Delete"})


def _announced(value: Any) -> Any:
    """What is announced; of a forum's Announce of an activity (FEP-1b12), what that activity is about."""
    inner = single(value)
    if isinstance(inner, dict) and one_type(inner.get("type"), _ANNOUNCED) in _ANNOUNCED and inner.get("object"):
        return maybe_id(inner["object"])
    return value


def _flagged(value: Any) -> tuple[Any, ...]:
    """Every id a Flag names."""
    if len(as_list(value)) > MAX_FLAGGED:
        raise ValueError(f"there are more than {MAX_FLAGGED} things reported at once")
    return many_ids(value)


class Like(Addressed):
    """Somebody likes `object`."""

    type: Annotated[Literal["Like"], kind("Like")] = "Like"
    object: Id


class Announce(Addressed):
    """Somebody shows `object`, which may be another's, to their own followers."""

    type: Annotated[Literal["Announce"], kind("Announce")] = "Announce"
    object: Annotated[Id, BeforeValidator(_announced)]


class Flag(Addressed):
    """Somebody reports what `object` names to those who answer for it; `content` says why."""

    type: Annotated[Literal["Flag"], kind("Flag")] = "Flag"
    object: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=2048)], ...], Field(min_length=1), BeforeValidator(_flagged)
    ]
    content: MaybeText = None


class Block(Addressed):
    """Somebody wants nothing to do with the actor `object` any more."""

    type: Annotated[Literal["Block"], kind("Block")] = "Block"
    object: Id


class Move(Addressed):
    """The actor `object` goes on as `target`; true only if `target` says so, too (FEP-7628)."""

    type: Annotated[Literal["Move"], kind("Move")] = "Move"
    object: Id
    target: Id
