"""Servers that fail, for a while or for good: left in peace, tried again when heard of, and forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from node.domain.hosts import FORGOTTEN_AFTER, MANY_DAYS, failed
from node.domain.peers import PeerLevel
from node.domain.shares import Level
from node.services import needs, peers, shares
from schemas.activities import Follow, Like, Undo
from tests.federation.outsider import Outsider
from tests.federation.pages import Browser
from tests.village import Village, befriend, settle


async def follow(north: Village, reader: Outsider) -> str:
    actor = reader.actor("reader")
    assert (
        await reader.say(north, Follow(id=f"{actor}/follow", actor=actor, object=f"{north.url}/actors/public")) == 202
    )
    await settle(north)
    reader.received.clear()
    return actor


async def fail_for(north: Village, reader: Outsider, days: int) -> None:
    """Something new every day, and the server there is broken."""
    reader.status = 503
    for number in range(days):
        await north.share(await north.ask(f"Chairs {number}"))
        await settle(north)
        north.clock.forward(days=1)


# C-47
async def test_who_fails_on_seven_days_is_left_in_peace_until_heard_of(north: Village, elsewhere: Outsider) -> None:
    """Then everything that waits goes at once, without anybody doing anything."""
    reader = await follow(north, elsewhere)
    await fail_for(north, elsewhere, MANY_DAYS)
    elsewhere.status = 202
    elsewhere.received.clear()
    await north.share(await north.ask("A cot"))
    await settle(north)
    north.clock.forward(days=1)
    await settle(north)
    assert elsewhere.received == []
    like = Like(id=f"{elsewhere.url}/likes/1", actor=reader, object=f"{north.url}/o/anything")
    assert await elsewhere.say(north, like) == 202
    await settle(north)
    assert "A cot" in str(elsewhere.received)


# C-47
async def test_six_days_are_not_seven_and_one_answer_starts_anew(north: Village, elsewhere: Outsider) -> None:
    await follow(north, elsewhere)
    await fail_for(north, elsewhere, MANY_DAYS - 1)
    elsewhere.status = 429
    await north.share(await north.ask("A cot"))
    await settle(north)
    elsewhere.received.clear()
    await fail_for(north, elsewhere, MANY_DAYS - 1)
    assert elsewhere.received != []
    async with north.community.database.reading() as work:
        (health,) = (await work.hosts.these([elsewhere.url.removeprefix("http://")])).values()
    assert len(health.failed_on) == MANY_DAYS - 1


# C-47
async def test_a_steward_may_try_again_by_hand(north: Village, river: Village) -> None:
    await befriend(river, north)
    host = river.community.host
    async with north.community.database.unit_of_work() as work:
        for _ in range(MANY_DAYS):
            health = (await work.hosts.these([host])).get(host)
            await work.hosts.put(failed(health, host, north.clock()))
            north.clock.forward(days=1)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert await river.feed() == ()
    async with Browser(north) as steward:
        await steward.walk_in(north.dispatcher)
        page = f"/peers/{(await north.peer(river)).peer.id}"
        assert "It was so on seven days, so nothing more is sent there" in await steward.open(page)
        assert "What waits for them goes out now." in await steward.press(f"{page}/again")
        await settle(north, river)
        assert len(await river.feed()) == 1
        assert "They cannot be reached" not in await steward.open(page)


# C-48, T-24
async def test_failures_are_forgotten(north: Village, elsewhere: Outsider) -> None:
    """A month after the last one, by the clock; then the host is tried like any other."""
    await follow(north, elsewhere)
    await fail_for(north, elsewhere, MANY_DAYS)
    north.clock.forward(days=FORGOTTEN_AFTER.days)
    await north.run_clocks()
    async with north.community.database.reading() as work:
        assert await work.hosts.these([elsewhere.url.removeprefix("http://")]) == {}
    elsewhere.status = 202
    await north.share(await north.ask("A cot"))
    await settle(north)
    assert "A cot" in str(elsewhere.received)


# C-44, C-54
async def test_what_waits_too_long_for_a_paused_host_is_given_up(north: Village, elsewhere: Outsider) -> None:
    """But for a Delete, which waits longer than anything else."""
    await follow(north, elsewhere)
    await fail_for(north, elsewhere, MANY_DAYS)
    share = await north.share(await north.ask("A cot"))
    await shares.withdraw(north.community, share.id, north.dispatcher)
    await north.share(await north.ask("Two chairs"))
    await settle(north)
    north.clock.forward(days=8)
    await settle(north)
    async with north.community.database.reading() as work:
        waiting = await work.outbox.waiting(100)
    assert len(waiting) == 1


# C-54, T-29
@pytest.mark.parametrize("deed", [peers.block, peers.drop, peers.pause, "unfollow"])
async def test_what_was_allowed_is_looked_at_again_at_sending(north: Village, elsewhere: Outsider, deed: Any) -> None:
    """Shares for peers and for them by name wait in the outbox already; then the communities part."""
    actor = elsewhere.actor("reader_peers")
    wish = Follow(id=f"{actor}/follow", actor=actor, object=f"{north.url}/actors/peers")
    assert await elsewhere.say(north, wish) == 202
    await settle(north)
    (asking,) = await peers.listing(north.community)
    await peers.accept(north.community, asking.peer.id, north.dispatcher)
    await settle(north)
    elsewhere.status = 503
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await north.share(asked, Level.NAMED, peers=(asking.peer.id,))
    await settle(north)
    assert [one["type"] for one in elsewhere.received].count("Create") == 2
    if deed == "unfollow":
        await elsewhere.say(north, Undo(id=f"{actor}/undo", actor=actor, object=wish.id or "", embedded=wish))
    else:
        await deed(north.community, asking.peer.id, north.dispatcher)
    elsewhere.status = 202
    elsewhere.received.clear()
    for _ in range(4):
        await settle(north)
        north.clock.forward(hours=1)
    assert "Create" not in {one["type"] for one in elsewhere.received}


# C-54
async def test_going_back_to_the_public_feed_takes_back_what_was_for_peers(north: Village, river: Village) -> None:
    """Copies are erased, and what still waits is not sent; public notices go on."""
    await befriend(river, north)
    peer = (await north.peer(river)).peer
    asked = await north.ask("For peers")
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    assert len(await river.feed()) == 1
    await river.close_doors()
    await north.share(await north.ask("Also for peers"), Level.PEERS)
    await settle(north)
    await peers.change_level(north.community, peer.id, PeerLevel.PUBLIC, north.dispatcher)
    await river.open_doors()
    north.clock.forward(minutes=2)
    await north.share(await north.ask("For everyone"), Level.PUBLIC)
    await settle(north, river)
    assert [entry.item.title for entry in await river.feed()] == ["For everyone"]


# C-55
async def test_a_share_taken_back_before_it_was_sent_is_never_sent(north: Village, river: Village) -> None:
    """Only the Delete is left, so that nothing can come out of order."""
    await befriend(river, north)
    await river.close_doors()
    asked = await north.ask()
    share = await north.share(asked, Level.PEERS)
    await needs.correct(north.community, asked.notice.id, asked.notice.wording, north.dispatcher)
    await settle(north)
    await shares.withdraw(north.community, share.id, north.dispatcher)
    async with north.community.database.unit_of_work() as work:
        waiting = await work.outbox.claim(north.clock() + timedelta(days=1), 99)
    assert [one.activity.type for one in waiting if one.activity.share_id == share.id] == ["Delete"]


# C-44, C-46
async def test_a_500_for_what_a_server_cannot_understand_is_final(north: Village, elsewhere: Outsider) -> None:
    """An Offer of an Agreement, three times; a plain Note is tried as long as anything else."""
    author = elsewhere.actor("reader")
    await peers.add(north.community, author, PeerLevel.PUBLIC, north.dispatcher)
    await settle(north)
    (asked,) = elsewhere.received
    await elsewhere.say(north, {"id": f"{author}/yes", "type": "Accept", "actor": author, "object": asked["id"]})
    intent = {"type": "Intent", "id": f"{elsewhere.url}/notes/1#primary", "action": "transfer"}
    measure = {"hasUnit": "one", "hasNumericalValue": "4"}
    note = elsewhere.note(author, purpose="request", publishes=intent | {"resourceQuantity": measure})
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": author, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 202
    await settle(north)
    await north.offer(quantity=4)
    assert await sent_while_broken(north, elsewhere) == ["Offer"] * 3
    elsewhere.status = 202
    await follow(north, elsewhere)
    await north.share(await north.ask())
    assert len(await sent_while_broken(north, elsewhere)) > 3


async def sent_while_broken(north: Village, elsewhere: Outsider) -> list[str]:
    """What was tried during a day on which the server there answers 500."""
    elsewhere.status = 500
    elsewhere.received.clear()
    for _ in range(8):
        await settle(north)
        north.clock.forward(hours=3)
    return [one["type"] for one in elsewhere.received]
