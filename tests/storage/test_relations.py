"""Peers and Follows, copies of their notices, our shares, and offers of help between us."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from node.domain.feed import FeedKind
from node.domain.peers import Direction, FollowState, OwnActor, PeerLevel
from node.domain.shares import Level, RecipientState, ShareState
from node.storage.shares import Published, RecipientMark
from node.storage.unit_of_work import UnitOfWork
from tests.unit.node.make import (
    NORTH,
    NOW,
    RIVER,
    RIVER_PUBLIC,
    make_actor,
    make_follow,
    make_item,
    make_notice,
    make_peer,
    make_share,
)

HOUR = timedelta(hours=1)
MARKET = "https://market.example/actors/public"


async def test_a_peer_comes_back_as_it_was(work: UnitOfWork) -> None:
    peer = make_peer(public_actor=RIVER_PUBLIC, peers_actor=f"{RIVER}/actors/peers")
    await work.peers.add(peer)
    assert await work.peers.get("peer1") == await work.peers.by_host("help.river.example") == peer
    changed = replace(peer, name="River Circle", level=PeerLevel.PUBLIC, paused=True, blocked=True)
    await work.peers.put(changed)
    assert await work.peers.all() == (changed,)
    assert [peer.host for peer in await work.peers.all() if peer.blocked] == ["help.river.example"]
    await work.peers.remove("peer1")
    assert await work.peers.all() == ()
    assert await work.peers.by_host("help.river.example") is None


async def test_one_host_is_one_peer(work: UnitOfWork) -> None:
    await work.peers.add(make_peer())
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.peers.add(make_peer(id="peer2"))


async def test_an_actor_is_kept_as_it_was_fetched_last(work: UnitOfWork) -> None:
    await work.peers.put_actor(make_actor())
    newer = make_actor(name="River Circle", shared_inbox=None, url=None, is_manyhands=False, fetched_at=NOW + HOUR)
    await work.peers.put_actor(newer)
    assert await work.peers.actor(RIVER_PUBLIC) == newer
    assert await work.peers.actors([RIVER_PUBLIC, MARKET]) == {RIVER_PUBLIC: newer}
    assert await work.peers.actor(MARKET) is None


# C-103
async def test_there_is_one_follow_per_direction_and_pair(work: UnitOfWork) -> None:
    asked = make_follow(state=FollowState.ASKED)
    again = make_follow(activity_id=f"{RIVER}/a/follow2", updated_at=NOW + HOUR)
    ours = make_follow(Direction.OUTGOING)
    peering = make_follow(own_actor=OwnActor.PEERS)
    for follow in (asked, again, ours, peering):
        await work.peers.put_follow(follow)
    assert set(await work.peers.follows_with("help.river.example")) == {again, ours, peering}
    assert await work.peers.follow(Direction.INCOMING, OwnActor.PUBLIC, RIVER_PUBLIC) == again
    assert await work.peers.follow_by_activity(Direction.OUTGOING, ours.activity_id) == ours
    assert await work.peers.follow_by_activity(Direction.INCOMING, f"{RIVER}/a/unknown") is None
    await work.peers.remove_follow(again)
    assert set(await work.peers.all_follows()) == {ours, peering}
    assert await work.peers.follows_with("market.example") == ()


# C-102, C-137
async def test_followers_are_those_accepted_and_neither_paused_nor_blocked(work: UnitOfWork) -> None:
    for number, state in enumerate(FollowState):
        await work.peers.put_follow(make_follow(remote_actor=f"https://n{number}.example/a", state=state))
    accepted = f"https://n{list(FollowState).index(FollowState.ACCEPTED)}.example/a"
    await work.peers.put_follow(make_follow(Direction.OUTGOING, remote_actor=MARKET))
    await work.peers.put_follow(make_follow(own_actor=OwnActor.PEERS, remote_actor=MARKET))
    assert await work.peers.followers(OwnActor.PUBLIC) == (accepted,)
    assert await work.peers.followers(OwnActor.PEERS) == (MARKET,)
    for changed in ({"paused": True}, {"blocked": True}):
        peer = make_peer(host="market.example", **changed)
        await work.peers.add(peer)
        assert await work.peers.followers(OwnActor.PEERS) == ()
        assert await work.peers.followers(OwnActor.PUBLIC) == (accepted,)
        await work.peers.remove(peer.id)
    assert await work.peers.followers(OwnActor.PEERS) == (MARKET,)


async def test_whose_earlier_notices_are_still_to_be_read(work: UnitOfWork) -> None:
    behind = make_follow(Direction.OUTGOING)
    await work.peers.put_follow(behind)
    await work.peers.put_follow(make_follow(Direction.OUTGOING, remote_actor=MARKET, caught_up=True))
    await work.peers.put_follow(make_follow(Direction.OUTGOING, own_actor=OwnActor.PEERS, state=FollowState.ASKING))
    await work.peers.put_follow(make_follow(Direction.INCOMING))
    assert await work.peers.behind(NOW, 9) == (behind,)


async def test_a_copy_comes_back_as_it_was(work: UnitOfWork) -> None:
    item = make_item(available=Decimal("2.50"), url=f"{RIVER}/p/1", public=True, language="en", area="Mill")
    await work.feed.add(item)
    assert await work.feed.get("item1") == await work.feed.by_object(item.object_id) == item
    bare = replace(item, ends_at=None, available=None, intent_id=None, url=None, kind=FeedKind.ANNOUNCEMENT)
    await work.feed.put(bare)
    assert await work.feed.these({"item1", "unknown"}) == {"item1": bare}
    await work.feed.remove("item1")
    assert await work.feed.get("item1") is None


async def test_one_object_is_one_copy(work: UnitOfWork) -> None:
    await work.feed.add(make_item())
    with pytest.raises(IntegrityError):
        async with work.savepoint():
            await work.feed.add(make_item(id="item2"))


async def test_the_feed_is_newest_first_page_by_page(work: UnitOfWork) -> None:
    for number in range(5):
        kind = FeedKind.OFFER if number == 4 else FeedKind.NEED
        actor = MARKET if number == 3 else RIVER_PUBLIC
        received = NOW + HOUR * (number // 2)
        await work.feed.add(
            make_item(id=f"i{number}", object_id=f"o{number}", kind=kind, actor=actor, received_at=received)
        )
    first = await work.feed.page(None, None, None, 3)
    rest = await work.feed.page(None, None, (first[-1].received_at, first[-1].id), 9)
    assert [item.id for item in (*first, *rest)] == ["i4", "i3", "i2", "i1", "i0"]
    assert [item.id for item in await work.feed.page(FeedKind.OFFER, None, None, 9)] == ["i4"]
    assert [item.id for item in await work.feed.page(None, "market.example", None, 9)] == ["i3"]
    await work.feed.remove_of("help.river.example")
    assert [item.id for item in await work.feed.page(None, None, None, 9)] == ["i3"]


# C-135
async def test_copies_go_when_their_time_is_over(work: UnitOfWork) -> None:
    item = make_item(ends_at=NOW)
    await work.feed.add(item)
    await work.feed.add(make_item(id="item2", object_id="o2", ends_at=NOW + HOUR))
    await work.feed.forget_before(item.forget_at())
    assert [one.id for one in await work.feed.page(None, None, None, 9)] == ["item2"]


# C-107, C-108
async def test_what_is_gone_is_gone_for_its_own_actor(work: UnitOfWork) -> None:
    await work.feed.add_tombstone("o1", RIVER_PUBLIC, NOW)
    await work.feed.add_tombstone("o1", RIVER_PUBLIC, NOW + HOUR)
    assert await work.feed.is_gone("o1", RIVER_PUBLIC)
    assert not await work.feed.is_gone("o1", MARKET)
    assert not await work.feed.is_gone("o2", RIVER_PUBLIC)


async def put_share(work: UnitOfWork, **changed: object) -> Published:
    published = Published(make_share(**changed), b'{"exact": "bytes"}')  # type: ignore[arg-type]
    if await work.notices.get("notice1") is None:
        await work.notices.add(make_notice(), "code", None)
    await work.shares.add(published, f"form {published.share.id}")
    return published


async def test_a_share_comes_back_as_it_was_with_its_very_bytes(work: UnitOfWork) -> None:
    put = await put_share(work, level=Level.NAMED, named=("p1",), text="Words", reply_by=NOW + HOUR, lease=HOUR)
    assert await work.shares.get("share1") == await work.shares.by_object(put.share.object_id) == put
    assert await work.shares.by_form("form share1") == put
    ended = replace(
        put.share, state=ShareState.WITHDRAWN, delete_activity_id=NORTH.activity("d"), updated_at=NOW + HOUR
    )
    await work.shares.put(Published(ended, b"{}"))
    assert await work.shares.by_delete(NORTH.activity("d")) == Published(ended, b"{}")
    assert await work.shares.these(["share1", "unknown"]) == {"share1": ended}
    assert await work.shares.of_notice("notice1") == (Published(ended, b"{}"),)
    for found in (await work.shares.get("x"), await work.shares.by_object("x"), await work.shares.by_delete("x")):
        assert found is None


# C-33
async def test_only_what_is_shown_at_these_levels_is_listed_newest_first(work: UnitOfWork) -> None:
    for number, level in enumerate((Level.PUBLIC, Level.PEERS, Level.NAMED, Level.PUBLIC)):
        await put_share(work, level=level, id=f"s{number}", object_id=f"o{number}", published_at=NOW + HOUR * number)
    await put_share(work, id="s4", object_id="o4", state=ShareState.WITHDRAWN)
    await put_share(work, id="s5", object_id="o5", state=ShareState.EXPIRED)
    assert [one.share.id for one in await work.shares.shown([Level.PUBLIC], 9)] == ["s3", "s0"]
    assert [one.share.id for one in await work.shares.shown([Level.PEERS, Level.NAMED], 9)] == ["s2", "s1"]
    assert [one.share.id for one in await work.shares.shown(Level, 2, 1)] == ["s2", "s1"]
    assert await work.shares.shown([], 9) == ()


# C-135
async def test_what_is_still_shown_although_its_time_is_over(work: UnitOfWork) -> None:
    await put_share(work, id="over", object_id="o1", ends_at=NOW)
    await put_share(work, id="not yet", object_id="o2", ends_at=NOW + HOUR)
    await put_share(work, id="ended", object_id="o3", ends_at=NOW, state=ShareState.EXPIRED)
    assert [one.share.id for one in await work.shares.ended(NOW, 9)] == ["over"]


async def test_what_we_know_of_every_copy(work: UnitOfWork) -> None:
    await put_share(work)
    await work.shares.add_recipients(
        "share1", {RIVER_PUBLIC: f"{RIVER}/inbox", MARKET: "https://market.example/i"}, NOW
    )
    sent = RecipientMark("share1", RecipientState.SENT, inboxes=frozenset({f"{RIVER}/inbox"}))
    await work.shares.mark(sent, NOW + HOUR)
    await work.shares.add_recipients("share1", {RIVER_PUBLIC: "https://elsewhere.example/"}, NOW + 2 * HOUR)

    async def states() -> dict[str, RecipientState]:
        return {one.actor: one.state for one in await work.shares.recipients("share1")}

    assert await states() == {RIVER_PUBLIC: RecipientState.SENT, MARKET: RecipientState.WAITING}
    assert (await work.shares.recipient_inboxes("share1"))[RIVER_PUBLIC] == f"{RIVER}/inbox"
    erased = RecipientMark("share1", RecipientState.ERASED, actor=MARKET, only=(RecipientState.ERASING,))
    await work.shares.mark(erased, NOW)
    assert (await states())[MARKET] is RecipientState.WAITING
    await work.shares.mark(RecipientMark("share1", RecipientState.ERASING), NOW)
    await work.shares.mark(erased, NOW)
    assert await states() == {RIVER_PUBLIC: RecipientState.ERASING, MARKET: RecipientState.ERASED}
