"""Messages that other servers really sent, and the test documents of ActivityStreams and FEP-0837."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.activities import Accept, Activity, Create, Follow, Offer, Undo, Unknown, parse_activity
from schemas.actors import parse_actor
from schemas.collections import parse_collection
from schemas.context import AGREEMENT_CONTEXT, AS, EVENT_CONTEXT, NOTE_CONTEXT
from schemas.errors import InvalidDocument
from schemas.fields import dump, is_public, load
from schemas.objects import Note, parse_note
from tests.recorded import messages


def body(vectors: Path, name: str) -> bytes:
    (found,) = [one for one in messages(vectors) if one.name == name]
    return found.request.body


def received(vectors: Path, name: str) -> Activity:
    return parse_activity(load(body(vectors, name)))


# C-60, C-111
def test_every_recorded_message_of_a_peer_is_read(vectors: Path) -> None:
    found = messages(vectors)
    assert len(found) >= 30
    for one in found:
        activity = parse_activity(load(one.request.body))
        assert type(activity).__name__ == one.kind, one.name
        assert activity.id, one.name
        assert activity.actor.startswith("http"), one.name
        assert parse_activity(load(dump(activity))).actor == activity.actor


# C-106
def test_gotosocial_undoes_its_follow(vectors: Path) -> None:
    match received(vectors, "gotosocial-Undo-Follow"):
        case Undo(undone_type="Follow", embedded=Follow() as follow) as undo:
            assert undo.object == follow.id
            assert undo.undone_actor == undo.actor == follow.actor
            assert follow.object == "https://node.test/a/s"
        case other:
            pytest.fail(f"read as {other!r}")


# C-95
def test_an_accept_names_the_follow_by_id_or_holds_it(vectors: Path) -> None:
    by_id, whole = received(vectors, "microblogpub-Accept"), received(vectors, "gotosocial-Accept")
    assert isinstance(by_id, Accept)
    assert isinstance(whole, Accept)
    assert by_id.embedded is None
    assert by_id.object == "https://node.test/o/fol1795200084022053355"
    assert whole.embedded is not None
    assert whole.embedded.id == whole.object == "https://node.test/o/fol1795200083769459993"


def test_single_values_and_arrays_read_the_same(vectors: Path) -> None:
    reply = received(vectors, "takahe-Create-reply")
    assert isinstance(reply, Create)
    assert isinstance(reply.object, Note)
    assert (reply.to, reply.cc) == ((), ("https://node.test/a/g",))
    assert [tag.type for tag in reply.object.tag] == ["Mention"]
    post = received(vectors, "takahe-Create")
    assert isinstance(post, Create)
    assert is_public(post.to)


# C-85
def test_ld_signatures_are_not_looked_at(vectors: Path) -> None:
    signed = json.loads(body(vectors, "microblogpub-Create"))
    assert "signature" in signed
    without = {key: value for key, value in signed.items() if key != "signature"}
    assert parse_activity(signed) == parse_activity(without)


def test_a_stored_proposal_of_fedify_is_read_as_a_note(vectors: Path) -> None:
    note = parse_note(load((vectors / "peers" / "fedify-Proposal-example.json").read_bytes()))
    assert note.is_proposal
    assert note.type == "Proposal"


def test_fep_0837_examples_are_read(vectors: Path) -> None:
    folder = vectors / "fep-0837"
    for number in (1, 2):
        note = parse_note(load((folder / f"fep-0837-example-{number}.json").read_bytes()))
        assert note.is_proposal
        assert note.purpose == "offer"
    parse_actor(load((folder / "fep-0837-example-3.json").read_bytes()))
    kinds = [
        type(parse_activity(load((folder / f"fep-0837-example-{number}.json").read_bytes()))).__name__
        for number in (4, 5, 6, 7)
    ]
    assert kinds == ["Offer", "Accept", "Reject", "Create"]


# C-120
def test_fedify_writes_whole_addresses_for_keys(vectors: Path) -> None:
    offer = parse_activity(load((vectors / "fep-0837" / "fedify-2.3.6-offer-agreement.json").read_bytes()))
    assert isinstance(offer, Offer)
    assert offer.object.stipulates.satisfies == "http://x.example/p#primary"
    assert offer.object.stipulates.resource_quantity is None


# C-119, C-120: its amounts are empty where its sender gave it no native values
def test_fedify_writes_a_proposal(vectors: Path) -> None:
    note = parse_note(load((vectors / "fep-0837" / "fedify-2.3.6-proposal.json").read_bytes()))
    assert (note.purpose, note.unit_based, note.is_proposal) == ("offer", False, True)
    assert note.publishes is not None
    assert note.publishes.resource_conforms_to == "https://www.wikidata.org/wiki/Q11442"
    assert (note.publishes.action, note.publishes.resource_quantity) == ("transfer", None)


# --- the corpus of ActivityStreams ------------------------------------------------------------------------------------

READERS = (parse_activity, parse_note, parse_actor, parse_collection)


def readings(written: bytes) -> set[str]:
    """What a document is read as, by any of the four readers; each of the others refuses it with a reason."""
    found = set()
    for parse in READERS:
        try:
            found.add(type(parse(load(written))).__name__)
        except InvalidDocument as refused:
            assert refused.reason
    return found


# C-59
def test_the_activitystreams_corpus_is_read_or_refused(vectors: Path) -> None:
    files = [*(vectors / "as2-corpus").glob("*.json"), *(vectors / "as2-corpus" / "fail").glob("*.json")]
    assert len(files) == 233
    understood = {file.name: readings(file.read_bytes()) for file in files}
    assert {"Create", "Note", "Actor", "OrderedCollection", "OrderedCollectionPage", Unknown.__name__} <= set().union(
        *understood.values()
    )
    assert understood["package.json"] == set()  # which only lies among them
    assert understood["empty.json"] == set()


_NOT_READ_FROM_THERE = "what is embedded is not read: `first` is an id, and a page must be found there under that id"
_MIXED_UP = "servers mix `items` and `orderedItems` up, and nothing here relies on the order"
TOLERATED = {
    "collection-with-non-page-first": _NOT_READ_FROM_THERE,
    "ordered-collection-with-non-page-first": _NOT_READ_FROM_THERE,
    "ordered-collection-with-items": _MIXED_UP,
    "unordered-collection-with-ordered-items": _MIXED_UP,
    "content-map-with-invalid-language-tag": "a tag that nobody asks for is never shown; the text has to stand anyway",
    "name-as-namemap": "`nameMap` is not read, whatever it holds",
    "namemap-as-name": "a name that is no text is no name; the rest of a post or an actor does not suffer for it",
    "number-as-object": "an Offer of anything but an Agreement is answered 202 and left alone, its object unread",
    "relative-uri-for-url": "a `url` that is not http or https is kept as words and never made a link",
}


# C-59: as they are found, with the http address that some still give for the context
def test_what_must_fail_is_refused_or_tolerated_with_a_reason(vectors: Path) -> None:
    files = sorted((vectors / "as2-corpus" / "fail").glob("*.json"))
    assert len(files) == 20
    assert {file.stem for file in files if readings(file.read_bytes())} <= TOLERATED.keys()


# C-59: what is said to be wrong with each of them is the only thing that is wrong, and still it is seen
def test_what_must_fail_is_refused_for_that_alone(vectors: Path) -> None:
    files = sorted((vectors / "as2-corpus" / "fail").glob("*.json"))
    read = {file.stem for file in files if readings(otherwise_right(file.read_bytes()))}
    assert read == TOLERATED.keys()


def otherwise_right(written: bytes) -> bytes:
    """The same with the right context, with an id and an author, and a type that is read here."""
    try:
        found = json.loads(written)
    except ValueError:
        return written
    if not isinstance(found, dict):
        return written
    if found.get("@context") == AS.replace("https:", "http:"):
        found["@context"] = AS
    if found.get("type") in {"Object", "Image"}:
        found["type"] = "Note"
    return json.dumps({"id": "https://example.com/1", "attributedTo": "https://example.com/people/1"} | found).encode()


# --- the vocabularies -------------------------------------------------------------------------------------------------

# From contexts that we name and never fetch: security/v1, did/v1 and multikey/v1.
_OF_KEYS = {
    *("publicKey", "owner", "publicKeyPem", "assertionMethod"),
    *("Multikey", "controller", "publicKeyMultibase"),
}


def inline(context: Any) -> dict[str, Any]:
    """The terms of a `@context` that stand in it."""
    listed = context if isinstance(context, list) else [context]
    return {term: meant for part in listed if isinstance(part, dict) for term, meant in part.items()}


def terms_of(value: Any, container: str = "") -> set[str]:
    """Every key and every type in a document, but for `@context` and what stands under languages."""
    if isinstance(value, list):
        return set().union(*(terms_of(item, container) for item in value))
    if not isinstance(value, dict) or container == "contentMap":
        return set()
    kinds = value.get("type", [])
    found = set(kinds if isinstance(kinds, list) else [kinds])
    for key, inner in value.items():
        if not key.startswith("@"):
            found |= {key} | terms_of(inner, key)
    return found


# C-150: a reader with a JSON-LD processor must find a meaning for every word we say
def test_every_term_that_we_send_is_defined(vectors: Path, examples: Path) -> None:
    streams = json.loads((vectors / "contexts" / "activitystreams.jsonld").read_bytes())["@context"]
    documents = {file.name: json.loads(file.read_bytes()) for file in examples.glob("*.json")}
    told = {name: one for name, one in documents.items() if "@context" in one}
    assert len(told) >= 25
    for name, one in told.items():
        known = streams.keys() | inline(one["@context"]).keys() | (_OF_KEYS if "publicKey" in terms_of(one) else set())
        unknown = {term for term in terms_of(one) if term.partition(":")[0] not in known}
        assert unknown == set(), name


def expanded(context: dict[str, Any], term: str) -> str:
    meant = context[term]
    written = meant["@id"] if isinstance(meant, dict) else meant
    prefix, colon, rest = written.partition(":")
    return f"{context[prefix]}{rest}" if colon and prefix in context else written


# C-120: our words of the marketplace mean what they mean in the FEP
def test_our_terms_are_those_of_fep_0837(vectors: Path) -> None:
    theirs = json.loads((vectors / "fep-0837" / "fep-0837.jsonld").read_bytes())["@context"]
    for context in (NOTE_CONTEXT, AGREEMENT_CONTEXT, EVENT_CONTEXT):
        ours = inline(context)
        shared = ours.keys() & theirs.keys() - {"vf", "om2"}
        assert len(shared) >= 4
        assert {term: expanded(ours, term) for term in shared} == {term: expanded(theirs, term) for term in shared}
