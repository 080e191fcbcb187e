"""Messages that other servers really sent, and the test documents of ActivityStreams and FEP-0837."""

import json
from pathlib import Path

import pytest

from schemas.activities import Accept, Activity, Create, Follow, Offer, Undo, Unknown, parse_activity
from schemas.actors import parse_actor
from schemas.collections import parse_collection
from schemas.errors import InvalidDocument
from schemas.fields import dump, is_public, load
from schemas.objects import Note, parse_note


def body(file: Path) -> bytes:
    """The body of a recorded message, which stands in the record as text or as an object."""
    recorded = json.loads(file.read_bytes())
    found = recorded.get("body", recorded)
    return found.encode() if isinstance(found, str) else json.dumps(found).encode()


def received(vectors: Path, name: str) -> Activity:
    return parse_activity(load(body(vectors / "peers" / f"{name}.json")))


# C-60, C-111
def test_every_recorded_message_of_a_peer_is_read(vectors: Path) -> None:
    files = [file for file in sorted((vectors / "peers").glob("*.json")) if "example" not in file.name]
    assert len(files) >= 30
    for file in files:
        kind = file.stem.split("-")[1]
        activity = parse_activity(load(body(file)))
        assert type(activity).__name__ == kind, file.name
        assert activity.id, file.name
        assert activity.actor.startswith("http"), file.name
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
    signed = json.loads(body(vectors / "peers" / "microblogpub-Create.json"))
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


# C-59
def test_the_activitystreams_corpus_is_read_or_refused(vectors: Path) -> None:
    files = [*(vectors / "as2-corpus").glob("*.json"), *(vectors / "as2-corpus" / "fail").glob("*.json")]
    assert len(files) > 200
    understood: set[str] = set()
    for file in files:
        for parse in (parse_activity, parse_note, parse_actor, parse_collection):
            try:
                understood.add(type(parse(load(file.read_bytes()))).__name__)
            except InvalidDocument as refused:
                assert refused.reason, file.name
    assert {"Create", "Note", "Actor", "OrderedCollection", "OrderedCollectionPage", Unknown.__name__} <= understood
