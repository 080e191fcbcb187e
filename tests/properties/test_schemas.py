"""What holds for every document."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.activities import Accept, Activity, Create, Delete, Follow, Offer, Reject, Undo, Update, parse_activity
from schemas.actors import parse_actor, parse_public_key
from schemas.collections import parse_collection
from schemas.discovery import NodeInfo, NodeInfoLinks, WebFinger
from schemas.errors import InvalidDocument
from schemas.fields import Wire, document, dump, load
from schemas.marketplace import Agreement, Commitment, EconomicEvent, Intent, Measure
from schemas.objects import Hashtag, Note, Place, parse_note

Model = TypeVar("Model", bound=Wire)

AS = "https://www.w3.org/ns/activitystreams"
PARSERS = {
    "activity": parse_activity,
    "note": parse_note,
    "actor": parse_actor,
    "key": parse_public_key,
    "collection": parse_collection,
    "webfinger": WebFinger.parse,
    "nodeinfo": NodeInfo.parse,
    "nodeinfo links": NodeInfoLinks.parse,
}


def made(model: type[Model], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Model]:
    """Values built by their Python names, as our own code builds them."""
    return st.fixed_dictionaries(fields).map(lambda found: model(**found))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ids = st.from_regex(r"https://(north|river)\.example/[a-z0-9]{1,8}", fullmatch=True)
times = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda time: time.replace(microsecond=0)
)
several = st.lists(ids, max_size=5).map(tuple)
measures = made(
    Measure,
    has_unit=st.sampled_from(["one", "hour", "kilogram"]),
    has_numerical_value=st.decimals("0.01", 10**6, places=2, allow_nan=False, allow_infinity=False),
)
intents = made(
    Intent,
    id=ids,
    name=words,
    action=st.sampled_from(["transfer", "deliverService"]),
    resource_conforms_to=st.none() | ids,
    resource_quantity=st.none() | measures,
    available_quantity=st.none() | measures,
    minimum_quantity=st.none() | measures,
    finished=st.booleans(),
    loan=st.none() | st.booleans(),
)
notes = made(
    Note,
    id=ids,
    attributed_to=ids,
    to=several,
    cc=several,
    in_reply_to=st.none() | ids,
    purpose=st.sampled_from([None, "request", "offer"]),
    content=words,
    content_map=st.none() | st.dictionaries(st.sampled_from(["en", "es", "ar"]), words),
    published=st.none() | times,
    updated=st.none() | times,
    end_time=st.none() | times,
    location=st.none() | made(Place, name=words, latitude=st.floats(-90, 90), radius=st.integers(0, 100)),
    publishes=st.none() | intents,
    unit_based=st.none() | st.booleans(),
    status=st.sampled_from([None, "open", "partly-met", "met"]),
    tag=st.lists(made(Hashtag, name=words, href=st.none() | ids), max_size=3).map(tuple),
)
agreements = made(
    Agreement,
    id=st.none() | ids,
    attributed_to=st.none() | ids,
    stipulates=made(Commitment, id=st.none() | ids, satisfies=ids, resource_quantity=st.none() | measures),
    end_time=st.none() | times,
)
events = made(EconomicEvent, id=ids, attributed_to=ids, to=several, fulfills=ids, finished=st.booleans(), content=words)
envelope: dict[str, Any] = {"id": ids, "actor": ids, "to": several, "cc": several, "published": st.none() | times}
follows = made(Follow, object=ids, **envelope)
activities: st.SearchStrategy[Activity] = st.one_of(
    follows,
    made(Accept, object=ids, result=st.none() | agreements, **envelope),
    follows.map(lambda follow: Accept(id="x:1", actor=follow.object, object=follow.id or "", embedded=follow)),
    follows.map(lambda follow: Undo(id="x:1", actor=follow.actor, object=follow.id or "", embedded=follow)),
    made(Reject, object=ids, content=st.none() | words, **envelope),
    made(Undo, object=ids, undone_type=st.just("Offer"), undone_actor=st.none() | ids, **envelope),
    made(Create, object=notes | events | ids, **envelope),
    made(Update, object=notes | agreements | ids, **envelope),
    made(Delete, object=ids, **envelope),
    made(Offer, object=agreements, end_time=st.none() | times, content=st.none() | words, **envelope),
)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(
    """@context id type actor object to cc published content contentMap tag publishes attachment purpose attributedTo
    result stipulates satisfies resourceQuantity hasUnit hasNumericalValue location latitude endTime publicKey endpoints
    orderedItems links url name embeddedObject undoneType otherPublicKeys vf:stipulates @id @graph as:object""".split()
)
kinds = st.sampled_from(
    """Create Update Delete Follow Accept Reject Undo Offer Like Note Proposal Person Intent Agreement Commitment
    EconomicEvent Place Hashtag Link OrderedCollection x:Other""".split()
)
crooked: st.SearchStrategy[Any] = st.recursive(
    json_values | ids | kinds | st.just(AS) | st.just("2026-11-20T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=7),
    max_leaves=25,
)


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
