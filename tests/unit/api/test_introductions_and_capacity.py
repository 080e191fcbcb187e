"""Introductions and capacity, through the API."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from node.domain.feed import FeedItem, FeedKind
from node.domain.introductions import LONGEST, Introduced, Introduction, Side, Sort
from node.domain.peers import Peer
from node.services.community import Community
from tests.unit.api.conftest import START

WORDS = "They cook on Thursdays and have a van."


async def introduced(community: Community, peer: Peer, sort: Sort = Sort.ANOTHER) -> str:
    """The neighbour wrote about another community, or about itself."""
    actor = peer.public_actor if sort is Sort.ITSELF else "https://oak.example/actors/public"
    about = Introduced(str(actor), "Oak Lane", "@oak@oak.example", "We share tools.")
    words = Introduction(
        f"intro-{sort}", Side.RECEIVED, sort, f"https://willow.example/a/{sort}", str(peer.peers_actor), about, WORDS,
        START, START + LONGEST,
    )  # fmt: skip
    async with community.database.unit_of_work() as work:
        await work.introductions.put(words)
    return words.id


async def test_what_stands_is_read(steward: Any, dispatcher: Any, peer: Peer, community: Community) -> None:
    await introduced(community, peer)
    status, found = await steward("GET", "/introductions")
    assert status == 200
    (met,) = found["items"]
    assert (met["about"]["name"], met["peer"]) == ("Oak Lane", None)
    assert [(one["friend"], one["text"]) for one in met["words"]] == [("Willow Court", WORDS)]
    assert found["rule"] == {"wanted": True, "a_month": 3, "waiting": 20}
    assert (await dispatcher("GET", "/introductions"))[0] == 403


async def test_asked_for_taken_back_and_set_aside(steward: Any, peer: Peer, community: Community) -> None:
    status, wish = await steward("POST", "/introductions/requests", {"friend": peer.id, "text": WORDS})
    assert (status, wish["text"]) == (201, WORDS)
    assert len((await steward("GET", "/introductions"))[1]["asked"]) == 1
    for _ in range(2):
        assert (await steward("DELETE", f"/introductions/{wish['id']}"))[0] == 204
    met = await introduced(community, peer)
    assert (await steward("POST", f"/introductions/{met}/set-aside"))[0] == 204
    found = (await steward("GET", "/introductions"))[1]
    assert (found["asked"], found["items"]) == ([], [])
    assert (await steward("POST", f"/introductions/{met}/ask"))[0] == 404


async def test_only_who_asked_is_introduced(steward: Any, peer: Peer, community: Community) -> None:
    at = "https://elm.example/actors"
    friend = replace(peer, id="peer2", host="elm.example", name="Elm Row", address="@elm@elm.example")
    friend = replace(friend, public_actor=f"{at}/public", peers_actor=f"{at}/peers")
    async with community.database.unit_of_work() as work:
        await work.peers.add(friend)
        for follow in await work.peers.follows_with(peer.host):
            theirs = str(friend.peers_actor)
            await work.peers.put_follow(replace(follow, remote_actor=theirs, activity_id=f"{follow.activity_id}/2"))
    wish = {"about": peer.id, "to": [friend.id], "text": WORDS}
    assert (await steward("POST", "/introductions", wish))[0] == 409
    await introduced(community, peer, Sort.ITSELF)
    status, found = await steward("POST", "/introductions", wish)
    assert status == 201
    assert [(one["friend"], one["about"]["name"]) for one in found["written"]] == [("Elm Row", "Willow Court")]
    assert (await steward("POST", "/introductions", wish | {"both": True}))[0] == 409


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/introductions/requests", {"friend": "peer1", "text": ""}, "text"),
        ("POST", "/introductions/requests", {"friend": "peer1", "text": "Call 020 7946 0188"}, "text"),
        ("POST", "/introductions", {"about": "peer1", "to": [], "text": WORDS}, "to"),
        ("POST", "/introductions", {"about": "peer1", "to": ["peer1"], "text": WORDS}, "to"),
        ("POST", "/introductions", {"about": "peer1", "to": ["x"], "text": WORDS, "days": 91}, "days"),
        ("PATCH", "/introductions/rule", {"wanted": True, "a_month": 0, "waiting": 20}, "a_month"),
    ],
)
async def test_what_cannot_be(steward: Any, peer: Peer, method: str, path: str, body: Any, field: str) -> None:
    del peer
    status, problem = await steward(method, path, body)
    assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_how_many_are_wanted(steward: Any) -> None:
    rule = {"wanted": False, "a_month": 1, "waiting": 2}
    assert await steward("PATCH", "/introductions/rule", rule) == (200, rule)
    assert (await steward("GET", "/introductions"))[1]["rule"] == rule


# --- capacity -------------------------------------------------------------------------------------------------------

BOXES = {"title": "30 boxes, Thursday", "category": "baby", "quantity": "30", "until": "2031-05-20T18:00:00Z"}


async def test_told_replaced_and_taken_back(dispatcher: Any, member: Any) -> None:
    status, told = await dispatcher("POST", "/capacity", BOXES)
    assert (status, told["title"], told["quantity"], told["unit"]) == (201, "30 boxes, Thursday", 30, "one")
    status, newer = await dispatcher("POST", "/capacity", BOXES | {"title": "12 boxes", "quantity": 12})
    assert [one["title"] for one in (await dispatcher("GET", "/capacity"))[1]["items"]] == ["12 boxes"]
    for _ in range(2):
        assert (await dispatcher("DELETE", f"/capacity/{newer['id']}"))[0] == 204
    assert (await dispatcher("GET", "/capacity"))[1] == {"items": [], "neighbours": [], "next": None}
    assert (await member("GET", "/capacity"))[0] == 403


async def test_a_request_sent_twice_tells_once(dispatcher: Any) -> None:
    headers = {"Idempotency-Key": "boxes-1"}
    first = await dispatcher("POST", "/capacity", BOXES, headers=headers)
    assert await dispatcher("POST", "/capacity", BOXES, headers=headers) == first


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": ""}, "title"), ({"category": "gold"}, "category"), ({"quantity": 0}, "quantity"),
     ({"unit": "mile"}, "unit"), ({"until": "2031-05-01T18:00:00Z"}, "until")],
)  # fmt: skip
async def test_what_could_not_be_given(dispatcher: Any, change: Any, field: str) -> None:
    status, problem = await dispatcher("POST", "/capacity", BOXES | change)
    assert (status, problem["errors"][0]["field"]) == (422, field)


async def test_who_could_help_with_a_need(
    dispatcher: Any, need_id: str, feed_item: FeedItem, community: Community
) -> None:
    """What a neighbour could give is beside the need, and in no list of notices."""
    given = replace(feed_item, kind=FeedKind.CAPACITY, category="baby", title="Diapers, all sizes",
                    ends_at=START + timedelta(days=9))  # fmt: skip
    async with community.database.unit_of_work() as work:
        await work.feed.put(given)
    status, found = await dispatcher("GET", f"/needs/{need_id}/who-could-help")
    assert status == 200
    (one,) = found["items"]
    assert (one["title"], one["name"]) == ("Diapers, all sizes", "Willow Court")
    assert [one["title"] for one in (await dispatcher("GET", "/capacity"))[1]["neighbours"]] == ["Diapers, all sizes"]
    assert (await dispatcher("GET", "/feed"))[1]["items"] == []
    assert (await dispatcher("GET", "/feed/feed1"))[0] == 404
    assert (await dispatcher("POST", "/feed/feed1/responses", {"quantity": 1}))[0] == 404
    assert (await dispatcher("GET", "/needs/nothing/who-could-help"))[0] == 404
