"""Strict JSON: what is refused, and that nothing honest is."""

import json

import pytest

from schemas.errors import InvalidDocument
from schemas.fields import load
from schemas.strict import MAX_DEPTH, MAX_NODES


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


# C-59
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"7",
        b"null",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":-1' + b"0" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\xc6"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":1}x',
        b"{'a':1}",
        b'{"a":1,}',
    ],
)
def test_what_is_not_a_json_object_in_utf8_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidDocument):
        load(body)


# C-59
@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"o":{"actor":"x","b":2,"actor":"y"}}',
        b'{"l":[1,{"a":1 , "a" :2}]}',
        b'{"a":1,"\\u0061":2}',
        b'{"a\\"b":1,"a\\"b":2}',
        b'{"a\\u0022":1,"a\\u0022":2}',
        b'{"a":"\\u0022\\u0022","a":"x"}',
        b'{"a":1,"a":"\\u0022\\u0022"}',
        b'{"x":"\\"","a":1,"a":"\\"\\""}',
        b'{"a":"\\\\","a":"\\\\"}',
    ],
)
def test_a_key_given_twice_is_refused_however_it_is_written(body: bytes) -> None:
    with pytest.raises(InvalidDocument, match="twice"):
        load(body)


# C-59
@pytest.mark.parametrize("body", [b'{"a":"\\u0000"}', b'{"a\\u0000":1}', b'{"a":["b\\\\\\u0000"]}'])
def test_what_no_database_can_keep_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidDocument, match="0000"):
        load(body)


@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "u0000"])
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert load(json.dumps({"a": text}).encode()) == {"a": text}


# C-59
@pytest.mark.parametrize("digits", ["9007199254740993", "-9007199254740993", "1" + "0" * 30])
def test_integers_beyond_two_to_the_53_are_refused(digits: str) -> None:
    with pytest.raises(InvalidDocument, match="too large"):
        load(f'{{"a":[{digits}]}}'.encode())


# C-59
@pytest.mark.parametrize("number", ["9007199254740992", "-9007199254740992", "0", "1.5", "-2e-3", "1e300", "1E19"])
def test_numbers_within_bounds_are_kept(number: str) -> None:
    assert load(f'{{"a":{number}}}'.encode()) == {"a": json.loads(number)}


# C-59, T-21
def test_depth_is_bounded() -> None:
    assert load(nested(MAX_DEPTH))
    for levels in (MAX_DEPTH + 1, 500, 100_000):
        with pytest.raises(InvalidDocument):
            load(nested(levels))


# C-59, T-21
def test_the_number_of_values_is_bounded() -> None:
    within = {"a": [0] * (MAX_NODES - 2)}
    assert load(json.dumps(within).encode()) == within
    with pytest.raises(InvalidDocument, match="10,000"):
        load(json.dumps({"a": [0] * (MAX_NODES - 1)}).encode())
    with pytest.raises(InvalidDocument, match="10,000"):
        load(json.dumps({str(key): {} for key in range(MAX_NODES)}).encode())


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"a": 'a "quoted" word and a \\ and a \u0001 and 😀'},
        {'"': '"', "\\": "\\\\", '\\"': None},
        {"id": "https://north.example/o/1795201109884123456789", "list": [[], {}, [{"a": True}]]},
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_honest_documents_are_read_as_written(
    document: dict[str, object], ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    assert load(body) == document


def test_quotation_marks_written_as_escapes_are_read() -> None:
    assert load(b'{"a":"\\u0022b\\u0022","c":1}') == {"a": '"b"', "c": 1}


def test_an_error_names_the_place_and_the_reason() -> None:
    assert str(InvalidDocument("object.id", "this is missing")) == "object.id: this is missing"
    assert str(InvalidDocument("", "this is not JSON in UTF-8")) == "this is not JSON in UTF-8"
