"""Structured header fields (RFC 9651), as far as signatures need them: dictionaries, read strictly."""

from typing import Any, Final, TypeAlias

import http_sf

from federation.errors import BadSignature

Member: TypeAlias = tuple[Any, dict[str, Any]]
"""A value, or a list of items, and its parameters."""

_MAX_FIELD: Final = 8192


def read_dictionary(field: str) -> dict[str, Member]:
    """Return the members of a dictionary field; BadSignature when it is none, too long, or gives a key twice."""
    if len(field) > _MAX_FIELD:
        raise BadSignature("A header of the signature is too long.")
    try:
        members = http_sf.parse(field.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_twice)
    except (ValueError, OverflowError, RecursionError):
        raise BadSignature("A header of the signature could not be read.") from None
    return members  # type: ignore[return-value] # a dictionary by the `tltype` asked for


def write_member(member: Member) -> str:
    """Return a list with its parameters in the one form that is signed (RFC 9421 section 2.3)."""
    return http_sf.ser([member])


def _refuse_twice(key: str, _context: str) -> None:
    raise ValueError(key)
