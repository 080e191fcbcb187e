"""Strict JSON for documents from outside (protocol section 3, C-59)."""

import json
import re
from typing import TypeAlias

import orjson

from schemas.errors import InvalidDocument

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Document: TypeAlias = dict[str, Json]

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_INTEGER = 2**53

_DIGITS_AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
_NO_BRACKET = bytes(set(range(256)) - set(b"{["))
_LONG_NUMBER = b"0" * 19
_ZERO = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def load(body: bytes) -> Document:
    """Read one JSON object as every receiver of it would read it (C-59).

    Promised of the result: an object at the top, at most 32 levels deep and 10,000 values large, no key given twice,
    no number that is not finite, no integer outside ±2^53, no text that is not Unicode or that holds U+0000, which
    databases cannot keep.
    Raises InvalidDocument for anything else.
    """
    try:
        document: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidDocument("", "this is not JSON in UTF-8") from error
    if not isinstance(document, dict):
        raise InvalidDocument("", "the document must be an object")
    has_escapes = b"\\" in body
    if has_escapes and b"\\u0000" in body and _ZERO.search(body):
        raise InvalidDocument("", "a text holds the character U+0000")
    _check_size(document, body)
    return document if _is_surely_strict(document, body, has_escapes) else _load_slowly(body)


def _check_size(document: Document, body: bytes) -> None:
    """Refuse what is too deep or too large; few brackets in a short body make a walk needless."""
    if len(body) < 2 * MAX_NODES and len(body.translate(None, _NO_BRACKET)) <= MAX_DEPTH:
        return
    level: list[Json] = [document]
    depth, nodes = 0, 1
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidDocument("", f"the document is more than {MAX_DEPTH} levels deep")
        values = [value for container in level for value in _values(container)]
        nodes += len(values)
        if nodes > MAX_NODES:
            raise InvalidDocument("", f"the document holds more than {MAX_NODES:,} values")
        level = [value for value in values if type(value) is dict or type(value) is list]


def _values(container: Json) -> list[Json]:
    if type(container) is dict:
        return list(container.values())
    return container if type(container) is list else []


def _is_surely_strict(document: Document, body: bytes, has_escapes: bool) -> bool:
    """True when no key was given twice and every integer is within bounds; False when only a slow look can tell.

    Written again, a document is what it was, where its sender writes as we do; else it has as many quotation marks as
    its body had, escaped ones included, unless a string was dropped with a key given twice. Integers of 19 digits or
    more may already have become floats.
    """
    try:
        again = orjson.dumps(document, option=orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return False
    if again == body:
        return True
    if (has_escapes and b"\\u0022" in body) or _LONG_NUMBER in body.translate(_DIGITS_AS_ZERO):
        return False
    return again.count(b'"') == body.count(b'"')


def _load_slowly(body: bytes) -> Document:
    """The same promise, kept by looking at each pair and each integer as it is written."""
    try:
        document: Document = json.loads(body, object_pairs_hook=_pairs_once, parse_int=_bounded)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument("", "this is not JSON in UTF-8") from error
    return document


def _pairs_once(pairs: list[tuple[str, Json]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidDocument("", "a key is given twice in one object")
    return found


def _bounded(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise InvalidDocument("", "a number is too large")
    return int(digits)
