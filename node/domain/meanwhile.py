"""Several people at one thing: what somebody else changed meanwhile is neither lost nor put back unseen."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from node.domain.errors import ChangedMeanwhile

T = TypeVar("T")


def marks_of(value: Any) -> str:
    """A short mark of each field of a frozen value, in one line: carried along by a form, it tells what was read."""
    return " ".join(f"{name}:{mark}" for name, mark in _marks(value).items())


def merged(seen: str, now: T, mine: T) -> T:
    """What was written, on top of what stands now; `seen` are marks of what the writer had read (empty: all is mine).

    A field that the writer left as it was keeps what somebody else made of it. Raises ChangedMeanwhile naming every
    field that both changed, each in another way.
    """
    if not seen:
        return mine
    read = dict(pair.partition(":")[::2] for pair in seen.split())
    there, typed = _marks(now), _marks(mine)
    changed = [name for name, mark in there.items() if read.get(name) != mark]
    theirs = [name for name in changed if typed[name] == read.get(name)]
    both = [name for name in changed if name not in theirs and typed[name] != there[name]]
    if both:
        raise ChangedMeanwhile(both, theirs)
    return replace(mine, **{name: getattr(now, name) for name in theirs})  # type: ignore[type-var]


def _marks(value: Any) -> Mapping[str, str]:
    return {one.name: _mark(getattr(value, one.name)) for one in fields(value)}


def _mark(value: object) -> str:
    return sha256(_plain(value).encode()).hexdigest()[:12]


def _plain(value: object) -> str:
    """All of a value, also of what says nothing when it is printed."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        return repr([_plain(one) for one in value])
    if is_dataclass(value):
        return repr([_plain(getattr(value, one.name)) for one in fields(value)])
    return repr(value)
