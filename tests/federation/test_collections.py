"""Outbox, inbox, featured, followers: in order and in pages, for each reader what it may see, and no names."""

import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from node.domain.notices import Kind, Status
from node.domain.peers import OwnActor
from node.domain.shares import Level
from node.services import needs, shares
from tests.federation.test_discovery import ask
from tests.federation.test_serving import shared, signed
from tests.village import Village, befriend, settle


def listed(pages: Iterable[dict[str, Any]]) -> list[str]:
    return [item["object"]["id"] for page in pages for item in page["orderedItems"]]


# C-31, C-32
async def test_an_outbox_of_more_than_forty_is_read_page_by_page(north: Village) -> None:
    """Forty-three shares: forty, then three, newest first, nothing twice and nothing left out."""
    made = []
    for number in range(43):
        made.append((await shared(north, title=f"Chair {number}")).object_id)
        north.clock.forward(seconds=1)
    outbox = f"{north.url}/actors/public/outbox"
    root = (await ask(outbox)).json
    assert (root["id"], root["type"], root["totalItems"]) == (outbox, "OrderedCollection", 43)
    assert "orderedItems" not in root
    pages, url = [], root["first"]
    while url:
        page = (await ask(url)).json
        assert (page["id"], page["type"], page["partOf"]) == (url, "OrderedCollectionPage", outbox)
        pages.append(page)
        url = page.get("next")
    assert [len(page["orderedItems"]) for page in pages] == [40, 3]
    assert pages[1]["prev"] == pages[0]["id"]
    assert "prev" not in pages[0]
    assert listed(pages) == made[::-1]
    times = [item["published"] for page in pages for item in page["orderedItems"]]
    assert times == sorted(times, reverse=True)
    create = pages[0]["orderedItems"][0]
    assert (create["type"], create["actor"]) == ("Create", f"{north.url}/actors/public")
    assert (create["to"], create["cc"]) == (create["object"]["to"], create["object"]["cc"])


# C-32
async def test_a_page_that_is_none_is_answered_calmly(north: Village) -> None:
    await shared(north)
    for page in ("0", "-1", "x", "", "99999999999999999999", "²", "1;drop", "2"):
        answer = await ask(f"{north.url}/actors/public/outbox?page={page}")
        assert answer.status == 200
        assert answer.json.get("orderedItems", []) == []


# C-33
async def test_an_outbox_shows_each_reader_what_it_may_see(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    public, hidden = await shared(north), await shared(north, Level.PEERS)
    for own, reader, expected in (
        (OwnActor.PUBLIC, None, [public]),
        (OwnActor.PUBLIC, river, [public]),
        (OwnActor.PEERS, None, []),
        (OwnActor.PEERS, market, []),
        (OwnActor.PEERS, river, [hidden]),
        (OwnActor.INSTANCE, river, []),
    ):
        outbox = f"{north.url}/actors/{own}/outbox"
        root, page = [
            (await (signed(reader, url) if reader else ask(url))).json for url in (outbox, f"{outbox}?page=1")
        ]
        assert root["totalItems"] == len(expected)
        assert listed([page]) == [share.object_id for share in expected]


# C-129
async def test_what_is_agreed_is_in_no_outbox(north: Village, river: Village) -> None:
    await befriend(river, north)
    await shared(north)
    await settle(north, river)
    await river.offer(quantity=4)
    await settle(north, river)
    for village, own in itertools.product((north, river), OwnActor):
        page = (await ask(f"{village.url}/actors/{own}/outbox?page=1")).json
        assert {item["type"] for item in page["orderedItems"]} <= {"Create"}
        assert {item["object"]["type"] for item in page["orderedItems"]} <= {"Note"}


# C-34, C-36, C-64
async def test_inboxes_are_read_by_nobody_and_outboxes_written_by_nobody(north: Village, river: Village) -> None:
    inboxes = [f"{north.url}/inbox", *(f"{north.url}/actors/{own}/inbox" for own in OwnActor)]
    for url, method in itertools.product(inboxes, ("GET", "HEAD", "PUT", "DELETE", "PATCH")):
        answer = await ask(url, method=method)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert (await signed(river, inboxes[0])).status == 405
    for own, method in itertools.product(OwnActor, ("POST", "PUT", "DELETE", "PATCH")):
        answer = await ask(f"{north.url}/actors/{own}/outbox", method=method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET")


# C-35
async def test_who_follows_whom_is_a_number_at_most(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await market.add_peer(north)
    await settle(north, market)
    for own, total in ((OwnActor.PUBLIC, 2), (OwnActor.PEERS, 1), (OwnActor.INSTANCE, 0)):
        for door, count in (("followers", total), ("following", 0)):
            answer = await ask(f"{north.url}/actors/{own}/{door}?page=1")
            assert answer.json == {
                "@context": "https://www.w3.org/ns/activitystreams",
                "id": f"{north.url}/actors/{own}/{door}",
                "type": "OrderedCollection",
                "totalItems": count,
            }
            assert (await signed(river, f"{north.url}/actors/{own}/{door}")).json["totalItems"] == count


async def test_featured_is_what_is_open_and_public_now(north: Village) -> None:
    """A new follower's server reads it: what is met, paused, over or for peers is not there."""
    stays = await shared(north, title="Two chairs")
    offer = await shared(north, title="Rides", kind=Kind.OFFER, category="transport", quantity=Decimal(1))
    await shared(north, Level.PEERS)
    withdrawn = await shared(north)
    await shares.withdraw(north.community, withdrawn.id, north.dispatcher)
    for status in (Status.MET, Status.NO_LONGER_NEEDED, Status.PAUSED):
        closed = await north.ask(title=f"This is {status}")
        await north.share(closed)
        await needs.change_status(north.community, closed.notice.id, status, north.dispatcher)
    featured = (await ask(f"{north.url}/actors/public/featured")).json
    assert (featured["id"], featured["type"]) == (f"{north.url}/actors/public/featured", "OrderedCollection")
    assert {note["id"] for note in featured["orderedItems"]} == {stays.object_id, offer.object_id}
    assert featured["totalItems"] == 2
    assert all(note["type"] == "Note" and "@context" not in note for note in featured["orderedItems"])
    assert (await ask(f"{north.url}/actors/peers/featured")).status == 404
