"""How much of it, where it stands, and the activities that tell of a share (protocol 2.3 to 2.6)."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from node.domain.notices import Kind, Notice, Status
from node.domain.shares import Level
from node.translate.notices import create, delete, delete_for, share_to_note, update
from schemas.context import NOTE_CONTEXT
from schemas.fields import document, dump
from schemas.objects import parse_note
from tests.unit.node.make import NORTH, NOW, RIVER, make_share
from tests.unit.node.translate.test_notices import BASE, FOLLOWERS, NAMED, OBJECT, PUBLIC, SETTING, coats, sent


# C-121
@pytest.mark.parametrize(
    ("quantity", "unit_based", "step", "available"),
    [("4", True, "1", "4"), ("1", False, "1", "1"), ("0.5", False, "0.5", "0.5"), ("2.50", False, "2.50", "2.50")],
)
def test_part_of_it_is_welcome_where_there_is_more_than_one(
    quantity: str, unit_based: bool, step: str, available: str
) -> None:
    note = sent(coats(quantity=Decimal(quantity)))
    intent = note["publishes"]
    assert note["unitBased"] is unit_based
    assert intent["resourceQuantity"]["hasNumericalValue"] == intent["minimumQuantity"]["hasNumericalValue"] == step
    assert intent["availableQuantity"]["hasNumericalValue"] == available


@pytest.mark.parametrize(
    ("status", "remaining", "word", "finished", "available"),
    [
        (Status.NEW, 4, "open", False, "4"),
        (Status.OPEN, 4, "open", False, "4"),
        (Status.TAKEN_ON, 0, "matched", False, "0"),
        (Status.TAKEN_ON, 1, "partly-met", False, "1"),
        (Status.PARTLY_MET, 1, "partly-met", False, "1"),
        (Status.PAUSED, 4, "matched", False, "4"),
        (Status.MET, 0, "met", True, "0"),
        (Status.NO_LONGER_NEEDED, 4, "withdrawn", True, "0"),
        (Status.EXPIRED, 4, "expired", True, "0"),
    ],
)
def test_where_it_stands(status: Status, remaining: int, word: str, finished: bool, available: str) -> None:
    note = sent(coats(status=status, remaining=remaining))
    intent = note["publishes"]
    assert (note["status"], intent["finished"]) == (word, finished)
    assert intent["availableQuantity"]["hasNumericalValue"] == available


@pytest.mark.parametrize(
    ("notice", "headline"),
    [
        (coats(), "Needed: Children's winter coats (4)"),
        (coats(quantity=Decimal(1)), "Needed: Children's winter coats"),
        (coats(quantity=Decimal("2.50")), "Needed: Children's winter coats (2.5)"),
        (coats(quantity=Decimal("1E+1")), "Needed: Children's winter coats (10)"),
        (coats(status=Status.PARTLY_MET, remaining=1), "Needed: Children's winter coats (1 still needed)"),
        (
            coats(status=Status.PARTLY_MET, remaining=1, kind=Kind.OFFER),
            "Offered: Children's winter coats (1 still available)",
        ),
        (coats(status=Status.MET, remaining=0), "Met, thank you: Children's winter coats"),
    ],
)
def test_the_first_line_says_what_is_still_open(notice: Notice, headline: str) -> None:
    assert sent(notice)["content"].startswith(f"<p><strong>{headline}</strong></p>")


# C-110: others take an Update only with a later `updated`
def test_updated_stands_there_only_after_a_change() -> None:
    assert "updated" not in sent(coats())
    changed = make_share(updated_at=datetime(2026, 11, 24, 9, tzinfo=UTC))
    note = sent(coats(), changed)
    assert (note["published"], note["updated"]) == ("2026-11-20T10:00:00Z", "2026-11-24T09:00:00Z")


# C-40
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", Kind)
def test_create_and_update_are_addressed_as_their_object_is(kind: Kind, level: Level) -> None:
    note = share_to_note(coats(kind=kind), make_share(level, updated_at=NOW.replace(day=24)), NAMED)
    for activity in (create(NORTH.activity("c"), note), update(NORTH.activity("u"), note)):
        said = json.loads(dump(activity))
        assert said["@context"] == NOTE_CONTEXT
        assert "@context" not in said["object"]
        assert (said["to"], said.get("cc", [])) == (said["object"]["to"], said["object"]["cc"])
        assert said["actor"] == said["object"]["attributedTo"]
        assert said["published"] == ("2026-11-20" if said["type"] == "Create" else "2026-11-24") + "T10:00:00Z"
    assert parse_note(document(note)) == note


# C-26, C-40
def test_a_delete_says_what_and_nothing_more() -> None:
    assert document(delete(NORTH.activity("d"), make_share(), SETTING)) == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{BASE}/a/d",
        "type": "Delete",
        "actor": f"{BASE}/actors/public",
        "to": [FOLLOWERS],
        "cc": [PUBLIC],
        "object": {"id": OBJECT, "type": "Tombstone"},
    }


# C-137
def test_a_delete_for_some_names_them_alone() -> None:
    some = document(delete_for(NORTH.activity("d"), make_share(Level.PEERS), NORTH, (f"{RIVER}/actors/peers",)))
    assert (some["actor"], some["to"]) == (f"{BASE}/actors/peers", [f"{RIVER}/actors/peers"])
    assert not some.get("cc")


def test_the_day_it_is_needed_by_travels_only_as_the_end() -> None:
    note = sent(coats(needed_by=date(2026, 11, 30)))
    assert "2026-11-30" not in json.dumps(note)
