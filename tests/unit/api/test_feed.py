"""The feed and offers of help through the API."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from node.api.v1.feed import plain
from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import Peer
from node.domain.responses import Response, ResponseState, Side
from node.services.community import Community

OFFER = {"quantity": 30, "text": "We have a pot", "until": "2031-05-05T18:00:00Z"}


async def test_an_entry_says_everything_plainly(member: Any, feed_item: FeedItem) -> None:
    status, entry = await member("GET", f"/feed/{feed_item.id}")
    assert status == 200
    assert entry["text"] == "Thirty bowls & spoons\nno onions"
    assert entry["html"] == feed_item.html
    assert entry["origin"] == {"host": "willow.example", "name": "Willow Court", "actor": feed_item.actor}
    assert (entry["object"], entry["quantity"], entry["is_open"]) == (feed_item.object_id, 30, True)
    assert entry["response"] is None
    assert (await member("GET", "/feed"))[1] == {"items": [entry], "next": None}


async def test_the_feed_by_kind_and_origin(member: Any, community: Community, feed_item: FeedItem) -> None:
    other = replace(feed_item, id="feed2", object_id="https://elm.example/o/2", kind=FeedKind.OFFER, available=None)
    async with community.database.unit_of_work() as work:
        await work.feed.add(replace(other, actor="https://elm.example/actors/public"))
    for query, expected in (("kind=offer", ["feed2"]), ("origin=willow.example", ["feed1"]), ("kind=announcement", [])):
        status, answer = await member("GET", f"/feed?{query}")
        assert (status, [entry["id"] for entry in answer["items"]]) == (200, expected)
    assert (await member("GET", "/feed?kind=gossip"))[0] == 422
    _, first = await member("GET", "/feed?limit=1")
    _, second = await member("GET", "/feed", params={"limit": "1", "after": first["next"]})
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {"feed1", "feed2"}
    assert second["next"] is None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>a&lt;b&gt;</p>", "a<b>"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<p> many   spaces\n</p>", "many spaces"),
    ],
)
def test_plain_words(html: str, text: str) -> None:
    assert plain(html) == text


async def test_offering_help(dispatcher: Any, feed_item: FeedItem) -> None:
    answer = await dispatcher.send("POST", f"/feed/{feed_item.id}/responses", OFFER)
    assert answer.status == 201
    response = await answer.json()
    assert answer.headers["Location"] == f"/api/v1/responses/{response['id']}"
    assert (response["state"], response["side"], response["quantity"]) == ("offered to help", "helper", 30)
    assert response["until"] == OFFER["until"]
    assert response["offer"].startswith("https://linden.example/")
    assert response["notice"]["id"] == feed_item.id
    assert (response["peer"]["name"], response["peer"]["known"]) == ("Willow Court", True)
    assert (await dispatcher("GET", f"/responses/{response['id']}"))[1] == response
    entry = (await dispatcher("GET", f"/feed/{feed_item.id}"))[1]
    assert entry["response"] == {"id": response["id"], "state": "offered to help"}
    status, taken_back = await dispatcher("POST", f"/responses/{response['id']}/withdraw")
    assert (status, taken_back["state"]) == (200, "withdrawn")


async def test_the_same_key_offers_once(dispatcher: Any, community: Community, feed_item: FeedItem) -> None:
    key = {"Idempotency-Key": "offer-1"}
    first = await dispatcher("POST", f"/feed/{feed_item.id}/responses", OFFER, headers=key)
    assert first == await dispatcher("POST", f"/feed/{feed_item.id}/responses", OFFER, headers=key)
    async with community.database.reading() as work:
        assert len(await work.responses.of_items({feed_item.id})) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": None}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": "all"}, "quantity"),
        ({"quantity": 31}, "quantity"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2031-05-05"}, "until"),
        ({"text": "x" * 1001}, "text"),
    ],
)
async def test_an_offer_that_cannot_be_meant(dispatcher: Any, feed_item: FeedItem, change: Any, field: str) -> None:
    status, problem = await dispatcher("POST", f"/feed/{feed_item.id}/responses", {**OFFER, **change})
    assert status in {409, 422}
    assert status == 409 or problem["errors"][0]["field"] == field


@pytest.fixture
async def offered(dispatcher: Any, community: Community, need_id: str, peer: Peer, ids: Callable[[], str]) -> Response:
    """An offer of help of the neighbouring community for a need of ours."""
    _, share = await dispatcher("POST", f"/needs/{need_id}/shares", {"level": "peers"})
    now = community.now()
    response = Response(
        id=ids(),
        side=Side.ORIGIN,
        offer_id="https://willow.example/a/offer1",
        object_id=share["object"],
        own_actor="peers",
        remote_actor=str(peer.peers_actor),
        quantity=Decimal(2),
        unit="one",
        state=ResponseState.OFFERED,
        created_at=now,
        updated_at=now,
        text="We have two packs",
        until=now + timedelta(hours=20),
        share_id=share["id"],
        notice_id=need_id,
    )
    async with community.database.unit_of_work() as work:
        await work.responses.add(response, None)
    return response


async def test_agreeing_releases_only_what_is_ticked(dispatcher: Any, offered: Response, need_id: str) -> None:
    assert (await dispatcher("GET", f"/handoffs/{offered.id}"))[0] == 404
    (waiting,) = (await dispatcher("GET", f"/responses?notice={need_id}"))[1]["items"]
    assert (waiting["id"], waiting["state"], waiting["side"]) == (offered.id, "offered to help", "origin")
    assert waiting["notice"]["id"] == need_id
    body = {"release": ["name", "contact"], "until": "2031-05-06T12:00:00Z"}
    status, agreed = await dispatcher("POST", f"/responses/{offered.id}/agree", body)
    assert (status, agreed["state"], agreed["lease_until"]) == (200, "agreed", "2031-05-06T12:00:00Z")
    assert agreed["released"] == ["name", "contact"]
    assert agreed["agreement"].startswith("https://linden.example/agreements/")
    (handoff,) = (await dispatcher("GET", "/handoffs"))[1]["items"]
    assert handoff == agreed == (await dispatcher("GET", f"/handoffs/{offered.id}"))[1]
    status, names = await dispatcher("GET", f"/handoffs/{offered.id}/released")
    assert (status, names["fields"]) == (200, ["name", "contact"])
    assert names.keys() == {"fields", "meeting_phrase"} and len(names["meeting_phrase"].split()) == 2
    assert (await dispatcher("POST", f"/responses/{offered.id}/agree", {}))[0] == 409
    assert (await dispatcher("POST", f"/responses/{offered.id}/decline", {}))[0] == 409


async def test_agreeing_without_words_releases_nothing(dispatcher: Any, offered: Response) -> None:
    status, agreed = await dispatcher("POST", f"/responses/{offered.id}/agree")
    assert (status, agreed["released"]) == (200, [])


@pytest.mark.parametrize(
    ("body", "field"),
    [({"release": ["surname"]}, "release.0"), ({"release": "name"}, "release"), ({"until": "soon"}, "until")],
)
async def test_agreeing_names_what_cannot_be_taken(dispatcher: Any, offered: Response, body: Any, field: str) -> None:
    status, problem = await dispatcher("POST", f"/responses/{offered.id}/agree", body)
    assert (status, problem["errors"][0]["field"]) == (422, field)
    assert (await dispatcher("GET", f"/responses/{offered.id}"))[1]["state"] == "offered to help"


async def test_declining(dispatcher: Any, offered: Response) -> None:
    status, declined = await dispatcher("POST", f"/responses/{offered.id}/decline", {"text": "We found some here."})
    assert (status, declined["state"], declined["answer"]) == (200, "declined", "We found some here.")
    assert (await dispatcher("GET", "/handoffs"))[1]["items"] == []
    assert (await dispatcher("GET", f"/handoffs/{offered.id}"))[0] == 404


async def test_details_that_cannot_be_read_now(dispatcher: Any, community: Community, offered: Response) -> None:
    theirs = replace(
        offered,
        id="helping1",
        side=Side.HELPER,
        offer_id="https://linden.example/a/offer2",
        state=ResponseState.AGREED,
        agreement_id="https://willow.example/agreements/1",
        coordination_url="https://10.0.0.1/agreements/1/coordination",
    )
    async with community.database.unit_of_work() as work:
        await work.responses.add(theirs, None)
    status, problem = await dispatcher("GET", "/handoffs/helping1/released")
    assert (status, problem["title"]) == (502, "Bad Gateway")
    status, problem = await dispatcher("POST", "/responses/helping1/agree", {})
    assert (status, problem["title"]) == (409, "Conflict")


async def test_a_handoff_moves_on(dispatcher: Any, offered: Response, need_id: str) -> None:
    await dispatcher("POST", f"/responses/{offered.id}/agree", {})
    path = f"/handoffs/{offered.id}/status"
    for body in ({"status": "agreed"}, {"status": "met", "quantity": "many"}, {}):
        assert (await dispatcher("POST", path, body))[0] == 422
    status, met = await dispatcher("POST", path, {"status": "met", "quantity": 2})
    assert (status, met["state"], met["brought"]) == (200, "met", 2)
    assert (await dispatcher("GET", f"/needs/{need_id}"))[1]["status"] == "met"
