"""Documents as our own code builds them, and as nobody should."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st

from schemas.activities import Accept, Activity, Create, Delete, Follow, Offer, Reject, Undo, Update, parse_activity
from schemas.actors import parse_actor, parse_public_key
from schemas.collections import parse_collection
from schemas.discovery import NodeInfo, NodeInfoLinks, WebFinger
from schemas.fields import Wire
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
