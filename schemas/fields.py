"""Fields of ActivityStreams documents, read tolerantly and written in one form.

Senders write one value as text, as an object or as an array (peers.md); here each becomes one Python value.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from schemas.strict import Document, Json, load
from schemas.terms import plain_term
from schemas.wire import Wire, document, dump, embedded

__all__ = [
    "PUBLIC",
    "Action",
    "Amount",
    "AuthorId",
    "Document",
    "Flag",
    "Id",
    "Ids",
    "Json",
    "MaybeId",
    "MaybeText",
    "MaybeUrl",
    "Text",
    "Time",
    "Wire",
    "Word",
    "as_list",
    "document",
    "dump",
    "embedded",
    "is_empty",
    "is_public",
    "kind",
    "load",
    "many_ids",
    "maybe_id",
    "one_id",
    "one_type",
    "only_object",
    "single",
]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_PUBLIC_SPELLINGS = frozenset({PUBLIC, "as:Public", "Public"})

MAX_ID = 2048
MAX_TEXT = 20_000
MAX_AMOUNT = 1_000_000

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(r"\d{1,7}(\.\d{1,9})?", re.ASCII)


def is_public(ids: tuple[str, ...]) -> bool:
    """Whether Public is among the addressees, in any of its three spellings (ActivityPub errata)."""
    return not _PUBLIC_SPELLINGS.isdisjoint(ids)


def is_empty(value: tuple[str, ...]) -> bool:
    """Whether a list may be left out when it is sent."""
    return not value


def as_list(value: Any) -> list[Any]:
    """The items of a value that may be absent, single, or an array."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def single(value: Any) -> Any:
    """The first item of an array (None of an empty one), anything else as it is."""
    if isinstance(value, list | tuple):
        return value[0] if value else None
    return value


def maybe_id(value: Any) -> Any:
    """The id that text, an object or the first item of an array names; None when it names none."""
    if type(value) is str:
        return value or None
    value = single(value)
    return value.get("id") if isinstance(value, dict) else value


def one_id(value: Any) -> Any:
    """The one id that text, an object or an array of one names (C-60). Raises ValueError for an array of several."""
    if isinstance(value, list | tuple) and len(value) > 1:
        raise ValueError("there must be exactly one")
    return maybe_id(value)


def many_ids(value: Any) -> tuple[Any, ...]:
    """All ids a value names, Public in its full spelling."""
    if type(value) is str:
        return (_one_spelling(value),)
    return tuple(_one_spelling(maybe_id(item)) for item in as_list(value) if item is not None)


def _one_spelling(name: Any) -> Any:
    return PUBLIC if name == "as:Public" or name == "Public" else name


def one_type(value: Json, known: frozenset[str]) -> str | None:
    """The first type we know among one or several, in its plain spelling; else the first that is text."""
    if type(value) is str:
        return plain_term(value)
    names = [plain_term(name) for name in as_list(value) if isinstance(name, str)]
    return next((name for name in names if name in known), names[0] if names else None)


def kind(name: str) -> BeforeValidator:
    """Reads a `type` that must be, or contain, `name`."""
    known = frozenset({name})
    return BeforeValidator(lambda value: value if value == name else one_type(value, known))


def only_object(value: Any) -> Any:
    """An object as it is, the first of an array, None for text and other things we do not follow."""
    value = single(value)
    return value if isinstance(value, dict | Wire) else None


def _bare(value: Any) -> Any:
    """What a JSON-LD value object holds (`{"@value": "3"}`); anything else as it is."""
    value = single(value)
    return value.get("@value") if isinstance(value, dict) else value


def _short_text(value: Any) -> Any:
    value = value if type(value) is str else _bare(value)
    if type(value) is str and len(value) * 4 > MAX_TEXT and len(value.encode(errors="replace")) > MAX_TEXT:
        raise ValueError("this text is longer than 20 kB")
    return value


def _address(value: Any) -> Any:
    """The address a `url` gives: text, or the href of the first Link that has one."""
    for item in as_list(value):
        found = item.get("href") if isinstance(item, dict) else item
        if found:
            return found
    return None


def _moment(value: Any) -> Any:
    if type(value) is str:
        value = _parse_time(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("this must be a time with a time zone (RFC 3339)")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("this time is too far away") from error


def _parse_time(text: str) -> datetime | None:
    if _TIME.fullmatch(text) is None:
        return None
    return datetime.fromisoformat(text.upper())


def _write_time(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _amount(value: Any) -> Any:
    """A decimal number given as text, number, Decimal or value object (C-119)."""
    value = _bare(value)
    if isinstance(value, bool):
        raise ValueError("this must be a number")
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    if _DECIMAL.fullmatch(text) is None or Decimal(text) > MAX_AMOUNT:
        raise ValueError("this must be a number from 0 to 1,000,000")
    return Decimal(text)


def _flag(value: Any) -> Any:
    return False if value is None else _bare(value)


def _plain_word(value: Any) -> Any:
    value = maybe_id(value)
    return plain_term(value) if type(value) is str else value


_ID = Field(min_length=1, max_length=MAX_ID)
_WRITTEN_TIME = WithJsonSchema({"type": "string", "format": "date-time"})
_WRITTEN_AMOUNT = WithJsonSchema({"type": "string", "pattern": r"^\d{1,7}(\.\d{1,9})?$"})

Id = Annotated[str, _ID, BeforeValidator(one_id)]
AuthorId = Annotated[str, _ID, BeforeValidator(maybe_id)]
MaybeId = Annotated[Annotated[str, _ID] | None, BeforeValidator(maybe_id)]
Ids = Annotated[tuple[Annotated[str, _ID], ...], BeforeValidator(many_ids)]
MaybeUrl = Annotated[Annotated[str, _ID] | None, BeforeValidator(_address)]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else _short_text(value))]
MaybeText = Annotated[str | None, BeforeValidator(_short_text)]
Word = Annotated[str, _ID, BeforeValidator(_plain_word)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Time = Annotated[
    datetime, BeforeValidator(_moment), PlainSerializer(_write_time, return_type=str, when_used="json"), _WRITTEN_TIME
]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json"),
    _WRITTEN_AMOUNT,
]
Action = Annotated[Literal["transfer", "deliverService"], BeforeValidator(_plain_word)]
