"""Offers of help, agreements and receipts in the form of protocol 2.8 to 2.10 and 2.13."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from node.domain.responses import Response, ResponseState, Side
from node.translate import agreements
from node.translate.agreements import TaskActivity, Tasked, Word
from schemas.activities import parse_activity
from schemas.context import AGREEMENT_CONTEXT, AS, EVENT_CONTEXT
from schemas.fields import document, dump, load
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC, make_response

BASE = "https://aid.north.example"
OURS = f"{BASE}/actors/public"
OBJECT = f"{BASE}/o/4Jx9vQ2mT7kRbW1c"
AGREEMENT = f"{BASE}/agreements/Er9j0Uo3Sl5f"
LEASE = NOW.replace(day=22)
MEASURE = {"hasUnit": "one", "hasNumericalValue": "3"}
COMMITMENT = {"type": "Commitment", "satisfies": f"{OBJECT}#primary", "resourceQuantity": MEASURE}
WORD = Word(Decimal(3), True, "transfer", NOW)


def tasked(side: Side = Side.ORIGIN, **changed: Any) -> Tasked:
    return Tasked(make_response(side, **changed), NORTH)


def agreed(side: Side = Side.ORIGIN) -> Tasked:
    return tasked(side, agreement_id=AGREEMENT, lease_until=LEASE, state=ResponseState.AGREED, released=("name",))


# C-119, C-120
def test_our_offer_of_help() -> None:
    ours = tasked(Side.HELPER, offer_id=NORTH.activity("Ht6m"), text="We bring\nthree <coats>.", until=LEASE)
    assert document(agreements.offer(ours, f"{OBJECT}#primary")) == {
        "@context": AGREEMENT_CONTEXT,
        "id": f"{BASE}/a/Ht6m",
        "type": "Offer",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "published": "2026-11-20T10:00:00Z",
        "endTime": "2026-11-22T10:00:00Z",
        "content": "<p>We bring<br>three &lt;coats&gt;.</p>",
        "object": {"type": "Agreement", "stipulates": COMMITMENT},
    }
    assert "content" not in document(agreements.offer(tasked(Side.HELPER), f"{OBJECT}#primary"))


# C-123, C-124
def test_our_yes_with_the_agreement_and_its_lease() -> None:
    assert document(agreements.accept(NORTH.activity("Fy3b"), agreed())) == {
        "@context": AGREEMENT_CONTEXT,
        "id": f"{BASE}/a/Fy3b",
        "type": "Accept",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "object": f"{RIVER}/a/offer1",
        "result": {
            "type": "Agreement",
            "id": AGREEMENT,
            "attributedTo": OURS,
            "stipulates": COMMITMENT | {"id": f"{AGREEMENT}#primary"},
            "url": {
                "type": "Link",
                "href": f"{AGREEMENT}/coordinate",
                "mediaType": "text/html",
                "rel": ["https://w3id.org/manyhands/ns#coordination"],
            },
            "endTime": "2026-11-22T10:00:00Z",
        },
    }


# C-123
def test_our_no_with_or_without_words() -> None:
    said = document(agreements.reject(NORTH.activity("Gu0k"), tasked(), "Already covered, thank you."))
    assert said == {
        "@context": AS,
        "id": f"{BASE}/a/Gu0k",
        "type": "Reject",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "object": f"{RIVER}/a/offer1",
        "content": "Already covered, thank you.",
    }
    assert "content" not in document(agreements.reject(NORTH.activity("Gu0k"), tasked(), ""))


def test_taking_our_offer_back_gives_no_reason() -> None:
    ours = tasked(Side.HELPER, offer_id=NORTH.activity("Ht6m"), answer="we are tired")
    assert document(agreements.undo(NORTH.activity("Ix5l"), ours)) == {
        "@context": AS,
        "id": f"{BASE}/a/Ix5l",
        "type": "Undo",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "object": {"id": f"{BASE}/a/Ht6m", "type": "Offer", "actor": OURS},
    }


# C-128
def test_the_receipt_goes_to_the_helpers_community() -> None:
    said = document(agreements.receipt("Ko8w", agreed(), WORD))
    assert said == {
        "@context": EVENT_CONTEXT,
        "id": f"{BASE}/a/Ko8w",
        "type": "Create",
        "actor": OURS,
        "to": [RIVER_PUBLIC],
        "published": "2026-11-20T10:00:00Z",
        "object": {
            "id": f"{BASE}/events/Ko8w",
            "type": "EconomicEvent",
            "attributedTo": OURS,
            "to": [RIVER_PUBLIC],
            "context": AGREEMENT,
            "fulfills": f"{AGREEMENT}#primary",
            "action": "transfer",
            "provider": RIVER_PUBLIC,
            "receiver": OURS,
            "resourceQuantity": MEASURE,
            "finished": True,
            "name": "Receipt",
            "content": "<p>Handed over. Thank you.</p>",
            "published": "2026-11-20T10:00:00Z",
        },
    }


@pytest.mark.parametrize(("finished", "name"), [(True, "Done"), (False, "Under way")])
def test_the_helping_side_tells_how_it_goes(finished: bool, name: str) -> None:
    word = replace(WORD, finished=finished, quantity=Decimal("2.5"))
    event = json.loads(dump(agreements.progress("e", agreed(Side.HELPER), word)))
    told = event["object"]
    assert (told["finished"], told["name"]) == (finished, name)
    assert (told["provider"], told["receiver"]) == (OURS, RIVER_PUBLIC)
    assert told["resourceQuantity"]["hasNumericalValue"] == "2.5"


def everything(response: Response) -> list[TaskActivity]:
    one, new = Tasked(response, NORTH), NORTH.activity("x")
    return [
        agreements.offer(one, f"{OBJECT}#primary"),
        agreements.accept(new, one),
        agreements.reject(new, one, "no"),
        agreements.undo(new, one),
        agreements.progress("e", one, WORD),
        agreements.receipt("e", one, WORD),
    ]


# C-41, C-129, C-150
@pytest.mark.parametrize("own", ["public", "peers"])
@pytest.mark.parametrize("side", Side)
def test_all_of_it_is_for_the_other_side_alone_and_can_be_read_again(side: Side, own: str) -> None:
    for activity in everything(replace(agreed(side).response, own_actor=own)):
        said = json.loads(dump(activity))
        assert said["to"] == [RIVER_PUBLIC]
        assert not said.get("cc")
        assert said["actor"] == f"{BASE}/actors/{own}"
        assert "Public" not in json.dumps(said["to"])
        assert "followers" not in dump(activity).decode()
        assert parse_activity(load(dump(activity))) == activity


# C-130
def test_what_is_released_is_never_in_an_activity() -> None:
    for activity in everything(agreed().response):
        assert b"released" not in dump(activity)
        assert b'"name":"name"' not in dump(activity)
