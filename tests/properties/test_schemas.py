"""What holds for every document."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.activities import Activity, parse_activity
from schemas.errors import InvalidDocument
from schemas.fields import document, dump, load
from schemas.marketplace import Measure
from tests.properties.documents import AS, PARSERS, activities, crooked, keys, kinds


# C-150
@given(activities)
def test_what_is_sent_is_read_back_the_same(activity: Activity) -> None:
    assert parse_activity(load(dump(activity))) == activity


@given(activities)
def test_sending_again_changes_nothing(activity: Activity) -> None:
    sent = dump(activity)
    assert dump(parse_activity(load(sent))) == sent
    assert next(iter(document(activity))) == "@context"


# C-59, C-60
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS.keys())
@given(kind=kinds, fields=st.dictionaries(keys, crooked, max_size=10))
def test_reading_a_crooked_document_ends_in_a_value_or_a_refusal(parse: Any, kind: str, fields: dict[str, Any]) -> None:
    try:
        value = parse({"@context": AS, "type": kind, **fields})
    except InvalidDocument as refused:
        assert refused.reason
    else:
        assert isinstance(value.model_dump(), dict)


@given(activities, keys, crooked)
def test_changing_one_field_ends_in_a_value_or_a_refusal(activity: Activity, key: str, value: Any) -> None:
    sent = document(activity)
    inner = sent.get("object")
    for target in (sent, inner if isinstance(inner, dict) else sent):
        target[key] = value
        try:
            parse_activity(sent)
        except InvalidDocument as refused:
            assert refused.reason


# C-59
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
def test_loading_any_bytes_ends_in_a_document_or_a_refusal(body: bytes) -> None:
    try:
        assert isinstance(load(body), dict)
    except InvalidDocument as refused:
        assert refused.reason


def _pairs(value: Any) -> list[list[tuple[str, Any]]]:
    if isinstance(value, list) and value and value[0] == "object":
        return [value[1]] + [found for _, inner in value[1] for found in _pairs(inner)]
    return [found for inner in value for found in _pairs(inner)] if isinstance(value, list) else []


def _write(value: Any, spaces: str) -> str:
    if isinstance(value, list) and value and value[0] == "object":
        pairs = (f"{json.dumps(key)}{spaces}:{_write(inner, spaces)}" for key, inner in value[1])
        return "{" + f",{spaces}".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_write(inner, spaces) for inner in value) + "]"
    return json.dumps(value)


short_keys = st.sampled_from(["a", "b", "c", '"', "\\", ":", '":"', "é", "\n", ""])
leaves = st.none() | st.integers(-9, 9) | st.sampled_from(["", '"', '\\"', '":', "{", "[", "x", "\\u0022", "é"])
objects: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(st.tuples(short_keys, inner), max_size=3).map(lambda pairs: ["object", pairs])
        | st.lists(inner, max_size=3).filter(lambda items: not items or items[0] != "object")
    ),
    max_leaves=10,
)


# C-59
@given(st.lists(st.tuples(short_keys, objects), max_size=4), st.sampled_from(["", " ", "\n\t"]))
def test_a_key_given_twice_is_always_seen(pairs: list[tuple[str, Any]], spaces: str) -> None:
    written = ["object", pairs]
    twice = any(len({key for key, _ in found}) != len(found) for found in _pairs(written))
    body = _write(written, spaces).encode()
    if twice:
        with pytest.raises(InvalidDocument, match="twice"):
            load(body)
    else:
        assert load(body) == json.loads(body)


# C-119
@given(st.decimals(0, 10**6, places=3, allow_nan=False, allow_infinity=False))
def test_amounts_keep_their_digits(value: Decimal) -> None:
    measure = Measure(has_unit="one", has_numerical_value=value)
    assert Measure.parse(document(measure)) == measure
    assert document(measure)["hasNumericalValue"] == format(value, "f")
