"""What others may read at our addresses: in which form, who, how much of it at a time, and what stays unseen."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from federation.cavage import sign_headers
from federation.messages import Request
from node.domain.peers import OwnActor
from node.domain.shares import Level, Share
from node.services import needs, peers, shares
from tests.federation.test_discovery import AS2, Answer, ask
from tests.village import Village, befriend, settle

LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def signed(reader: Village, url: str, own: OwnActor = OwnActor.PEERS) -> Answer:
    key = reader.community.remote.keys[own].rsa
    return await ask(url, **sign_headers(Request("GET", url), key, reader.clock()))


async def shared(village: Village, level: Level = Level.PUBLIC, **wanted: Any) -> Share:
    return await village.share(await village.ask(**wanted), level)


async def create_of(village: Village, share: Share) -> str:
    async with village.community.database.reading() as work:
        return (await work.outbox.creates([share.id]))[share.id].id


# C-17, C-18, C-19
async def test_whoever_asks_for_activitystreams_gets_the_same_bytes(north: Village) -> None:
    share = await shared(north)
    asked = (AS2, "application/ld+json", f"{AS2}, {LD_JSON}, text/html;q=0.1", f"text/html;q=0.1, {AS2}")
    for url in (share.object_id, await create_of(north, share), f"{north.url}/actors/public"):
        plain = await ask(url, LD_JSON)
        for accept in (*asked, "*/*", "application/json", None):
            answer = await ask(url, accept)
            assert (answer.status, answer.headers["Content-Type"]) == (200, LD_JSON)
            assert answer.body == plain.body


# C-20
async def test_a_browser_is_sent_to_a_page(north: Village) -> None:
    share = await shared(north)
    page = (await ask(share.object_id)).json["url"]
    for url, target in ((share.object_id, page), (f"{north.url}/actors/public", f"{north.url}/")):
        answer = await ask(url, BROWSER)
        assert answer.status == 303
        assert answer.headers["Location"] == target.removeprefix(north.url)
        assert "Accept" in answer.headers["Vary"]
        assert "Accept" in (await ask(url)).headers["Vary"]
        assert (await ask(target, BROWSER)).headers["Content-Type"].startswith("text/html")


# C-21, C-22
async def test_every_id_answers_as_itself_without_a_detour(north: Village) -> None:
    share = await shared(north)
    note = await ask(share.object_id)
    create = await ask(await create_of(north, share))
    assert (note.status, note.json["id"]) == (200, share.object_id)
    assert (create.status, create.json["id"], create.json["object"]["id"]) == (
        200,
        await create_of(north, share),
        share.object_id,
    )
    for own in OwnActor:
        assert (await ask(f"{north.url}/actors/{own}")).json["id"] == f"{north.url}/actors/{own}"
    for near in ("/", "?x=1", "#x"):
        answer = await ask(share.object_id + near)
        assert answer.status in {200, 404}
    swapped = share.object_id[:-1] + share.object_id[-1].swapcase()
    assert swapped == share.object_id or (await ask(swapped)).status == 404


# C-21
async def test_ids_say_nothing_and_are_never_used_twice(north: Village) -> None:
    asked = await north.ask()
    made = [await north.share(asked, level) for level in (Level.PUBLIC, Level.PEERS)]
    await shares.withdraw(north.community, made[0].id, north.dispatcher)
    made.append(await north.share(asked, Level.PUBLIC))
    ids = [share.object_id.rpartition("/")[2] for share in made]
    assert len(set(ids)) == 3
    assert all(len(one) >= 16 and asked.notice.id not in one for one in ids)


# C-23, C-25
async def test_what_is_hidden_answers_exactly_like_what_never_was(north: Village, river: Village) -> None:
    """Status, headers and body, for the object, its Create, its replies and its page."""
    share = await shared(north, Level.PEERS)
    hidden = [share.object_id, await create_of(north, share), f"{share.object_id}/replies", f"{share.object_id}/thread"]
    missing = [f"{north.url}/o/nothinghere", f"{north.url}/a/nothinghere", f"{north.url}/o/nothinghere/replies"]
    missing.append(f"{north.url}/o/nothinghere/thread")
    for accept, (one, other) in itertools.product((AS2, LD_JSON, BROWSER), zip(hidden, missing, strict=True)):
        there, nowhere = await ask(one, accept), await ask(other, accept)
        assert there.status == 404
        assert without_clock(there) == without_clock(nowhere)
    for one, other in zip(hidden[:2], missing, strict=False):
        assert without_clock(await signed(river, one)) == without_clock(await signed(river, other))


def without_clock(answer: Answer) -> Answer:
    return replace(answer, headers={name: value for name, value in answer.headers.items() if name != "Date"})


# C-19, C-24, C-25
async def test_what_is_for_peers_is_for_them_and_for_no_cache(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    share = await shared(north, Level.PEERS)
    for url in (share.object_id, await create_of(north, share), f"{north.url}/actors/peers/outbox?page=1"):
        answer = await signed(river, url)
        assert (answer.status, answer.headers["Content-Type"]) == (200, LD_JSON)
        assert "private" in answer.headers["Cache-Control"]
        assert {"Signature", "Signature-Input"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
        assert share.object_id.encode() in answer.body
    assert (await signed(market, share.object_id)).status == 404
    assert (await signed(north, share.object_id)).status == 401  # we ask nobody for a key of our own
    assert (await signed(river, share.object_id, OwnActor.PUBLIC)).status == 200  # the same host (1.5)


# C-24
async def test_what_is_for_one_named_community_is_hidden_from_every_other(
    north: Village, river: Village, market: Village
) -> None:
    await befriend(river, north)
    await befriend(market, north)
    chosen = await north.peer(river)
    share = await north.share(await north.ask(), Level.NAMED, peers=(chosen.peer.id,))
    for url in (share.object_id, await create_of(north, share)):
        assert (await signed(river, url)).status == 200
        assert (await signed(market, url)).status == 404
    outbox = f"{north.url}/actors/peers/outbox?page=1"
    assert share.object_id.encode() in (await signed(river, outbox)).body
    assert share.object_id.encode() not in (await signed(market, outbox)).body


# C-24, C-137
@pytest.mark.parametrize("deed", [peers.block, peers.drop, peers.pause])
async def test_a_community_we_parted_from_reads_nothing_any_more(north: Village, river: Village, deed: Any) -> None:
    await befriend(river, north)
    peer = (await north.peer(river)).peer
    asked = await north.ask()
    made = [await north.share(asked, Level.PEERS), await north.share(asked, Level.NAMED, peers=(peer.id,))]
    await settle(north, river)
    assert [(await signed(river, share.object_id)).status for share in made] == [200, 200]
    await deed(north.community, peer.id, north.dispatcher)
    assert [(await signed(river, share.object_id)).status for share in made] == [404, 404]
    assert [(await signed(river, await create_of(north, share))).status for share in made] == [404, 404]
    assert (await signed(river, f"{north.url}/actors/peers/outbox?page=1")).json["orderedItems"] == []


# C-137
@pytest.mark.parametrize("deed", [peers.block, peers.drop, peers.pause])
async def test_a_community_we_parted_from_is_sent_nothing_new(north: Village, river: Village, deed: Any) -> None:
    """It got the first wording; the corrected one is none of its business."""
    await befriend(river, north)
    peer = (await north.peer(river)).peer
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    await deed(north.community, peer.id, north.dispatcher)
    await settle(north, river)
    wording = replace(asked.notice.wording, title="Only for our neighbours")
    await needs.correct(north.community, asked.notice.id, wording, north.dispatcher)
    async with north.community.database.unit_of_work() as work:
        waiting = await work.outbox.claim(north.clock() + timedelta(days=9), 99)
    told = [one.activity.body for one in waiting if one.inbox.startswith(river.url)]
    assert not any(b"Only for our neighbours" in body for body in told)


# C-26
async def test_what_is_gone_says_only_that_it_is_gone(north: Village, river: Village) -> None:
    await befriend(river, north)
    public, hidden = await shared(north), await shared(north, Level.PEERS)
    creates = [await create_of(north, one) for one in (public, hidden)]
    for one in (public, hidden):
        await shares.withdraw(north.community, one.id, north.dispatcher)
    gone = await ask(public.object_id)
    assert gone.status == 410
    assert gone.headers["Content-Type"] == LD_JSON
    assert gone.json == {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": public.object_id,
        "type": "Tombstone",
    }
    assert (await signed(river, hidden.object_id)).status == 404
    assert [(await ask(url)).status for url in creates] == [404, 404]
    assert (await signed(river, creates[1])).status == 404


async def test_a_corrected_notice_is_read_only_in_its_new_words(north: Village) -> None:
    """The object, the outbox, and the activity that once announced it."""
    asked = await north.ask(title="Coats for the family in the yellow house")
    share = await north.share(asked)
    wording = replace(asked.notice.wording, title="Winter coats")
    await needs.correct(north.community, asked.notice.id, wording, north.dispatcher)
    for url in (share.object_id, f"{north.url}/actors/public/outbox?page=1", await create_of(north, share)):
        answer = await ask(url)
        assert answer.status == 200
        assert b"yellow house" not in answer.body


# C-27
async def test_hidden_addressees_appear_nowhere(north: Village, river: Village) -> None:
    await befriend(river, north)
    share = await shared(north, Level.PEERS)
    for url in (share.object_id, await create_of(north, share), f"{north.url}/actors/peers/outbox?page=1"):
        answer = await signed(river, url)
        assert b'"bto"' not in answer.body
        assert b'"bcc"' not in answer.body
