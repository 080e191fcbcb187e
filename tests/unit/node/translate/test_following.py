"""Follow and its answers: the form of protocol 2.7, with the Follow embedded whole."""

import json

import pytest

from node.domain.peers import Direction
from node.translate import following
from schemas.activities import Accept, Activity, Undo, parse_activity
from schemas.fields import document, dump, load
from tests.unit.node.make import NORTH, RIVER, RIVER_PUBLIC, make_follow

OURS = "https://aid.north.example/actors/public"
THEIRS = make_follow(Direction.INCOMING)
OWN = make_follow(Direction.OUTGOING)
NEW = NORTH.activity("x")


def test_our_follow_and_theirs() -> None:
    assert document(following.follow(OWN, OURS)) == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": OWN.activity_id,
        "type": "Follow",
        "actor": OURS,
        "object": RIVER_PUBLIC,
        "to": [RIVER_PUBLIC],
    }
    theirs = document(following.follow(THEIRS, OURS))
    assert (theirs["actor"], theirs["object"]) == (RIVER_PUBLIC, OURS)


# C-102: Mastodon and Pleroma need the whole Follow
@pytest.mark.parametrize("build", [following.accept, following.reject])
def test_an_answer_embeds_the_whole_follow(build: object) -> None:
    said = document(build(NEW, THEIRS, OURS))  # type: ignore[operator]
    assert (said["actor"], said["to"]) == (OURS, [RIVER_PUBLIC])
    embedded = said["object"]
    assert isinstance(embedded, dict)
    assert {name: embedded[name] for name in ("id", "type", "actor", "object")} == {
        "id": THEIRS.activity_id,
        "type": "Follow",
        "actor": RIVER_PUBLIC,
        "object": OURS,
    }


def test_undo_embeds_our_own_follow() -> None:
    undone = document(following.undo(NEW, OWN, OURS))["object"]
    assert isinstance(undone, dict)
    assert (undone["actor"], undone["object"], undone["id"]) == (OURS, RIVER_PUBLIC, OWN.activity_id)


def test_a_receipt_names_the_delete() -> None:
    assert document(following.receipt(NEW, OURS, f"{RIVER}/a/delete1", RIVER_PUBLIC)) == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": NEW,
        "type": "Accept",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "object": f"{RIVER}/a/delete1",
    }


# C-150
def test_each_can_be_read_again() -> None:
    made: list[Activity] = [
        following.follow(OWN, OURS),
        following.accept(NEW, THEIRS, OURS),
        following.reject(NEW, THEIRS, OURS),
        following.undo(NEW, OWN, OURS),
    ]
    for activity in made:
        read = parse_activity(load(dump(activity)))
        assert json.loads(dump(read)) == json.loads(dump(activity))
        if isinstance(read, Accept):
            assert read.object == THEIRS.activity_id
        if isinstance(read, Undo):
            assert (read.undone_type, read.undone_actor) == ("Follow", OURS)
