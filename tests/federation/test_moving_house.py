"""A community moves house in the middle of everything: who follows comes along, and what had begun ends well."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from node.domain.errors import Conflict, NotAllowed
from node.domain.homes import ANSWERED
from node.domain.members import Role
from node.domain.peers import Direction, FollowState, OwnActor, PeerLevel
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import (
    fingerprints,
    handoffs,
    heirs,
    introductions,
    link_texts,
    members,
    moving,
    peers,
    relocating,
    responses,
    rest,
    shares,
)
from node.services.introductions import Wish
from node.services.needs import Asked
from node.settings import Settings
from schemas.activities import Follow, Move, Undo
from schemas.actors import Actor, parse_actor
from schemas.fields import Wire, load
from tests.crashes import mortal, outlive_step
from tests.federation.outsider import Outsider
from tests.federation.test_what_can_go_otherwise import at
from tests.links import Fault, Roads, roads
from tests.ports import free_port
from tests.village import Clock, Village, befriend, found, get, key_of, opened, settle, signed_get


@pytest.fixture
async def old_house(tmp_path: Path) -> Settings:
    """Mill Lane before it moves: founded, and not running yet."""
    return await found("Mill Lane", tmp_path / "mill")


@asynccontextmanager
async def new_house(settings: Settings, clock: Clock) -> AsyncIterator[Village]:
    """The same data under another address, answering at both."""
    port, old_port = free_port(), int(settings.base_url.rpartition(":")[2])
    address = f"http://127.0.0.1:{port}"
    async with opened(settings, clock) as before:
        await moving.prepare(before.community, address, before.dispatcher)
    clock.forward(hours=1)
    moved = settings.model_copy(update={"base_url": address, "bind": f"127.0.0.1:{port}"})
    async with opened(moved, clock, old_port) as mill:
        yield mill


async def actor_at(url: str, own: OwnActor = OwnActor.PUBLIC) -> Actor:
    _, body = await get(f"{url}/actors/{own}", Accept="application/activity+json")
    return parse_actor(load(body))


async def say_at(url: str, elsewhere: Outsider, activity: Wire) -> int:
    """One signed POST to another address than a village's own."""
    return await elsewhere.say(SimpleNamespace(url=url), activity)  # type: ignore[arg-type]


async def go_along(one: Village) -> None:
    """A steward there confirms whatever says that it moved."""
    for standing in await peers.listing(one.community):
        if standing.peer.moving_to:
            await relocating.confirm_move(one.community, standing.peer.id, one.dispatcher)


# C-15, C-116
async def test_in_the_middle_of_a_hand_off(
    old_house: Settings, north: Village, river: Village, clock: Clock, elsewhere: Outsider
) -> None:
    """Three villages and a follower elsewhere. Mill Lane helps north, and river helps Mill Lane, when it moves."""
    robin = elsewhere.actor()
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
        await befriend(river, mill)
        await elsewhere.say(mill, Follow(id=f"{elsewhere.url}/f/1", actor=robin, object=f"{mill.url}/actors/public"))
        needed = await north.ask()
        await north.share(needed, Level.PEERS)
        wanted = await mill.ask("Soup on Sunday")
        soup = await mill.share(wanted, Level.PEERS)
        await settle(mill, north, river)
        mills = next(entry for entry in await mill.feed() if entry.item.title.startswith("Winter"))
        await responses.offer_help(
            mill.community, mills.item.id, responses.HelpOffer(needed.notice.remaining, ""), mill.dispatcher
        )
        await river.offer(quantity=4)
        await settle(mill, north, river)
        theirs, ours = await north.response(), await mill.response()
        await responses.agree(north.community, theirs.id, ("name", "contact"), None, north.dispatcher)
        await responses.agree(mill.community, ours.id, ("name",), None, mill.dispatcher)
        await settle(mill, north, river)
        old_url = mill.url
    async with new_house(old_house, clock) as mill:
        assert (await actor_at(old_url)).moved_to == f"{mill.url}/actors/public"
        assert (await actor_at(mill.url)).also_known_as == (f"{old_url}/actors/public",)
        await moving.tell(mill.community, mill.dispatcher)
        await moving.tell(mill.community, mill.dispatcher)
        await settle(mill, north, river)
        # The follower elsewhere sees one Move and comes along.
        (word,) = [one for one in elsewhere.received if one["type"] == "Move"]
        assert (word["object"], word["target"]) == (f"{old_url}/actors/public", f"{mill.url}/actors/public")
        await elsewhere.say(mill, Follow(id=f"{elsewhere.url}/f/2", actor=robin, object=f"{mill.url}/actors/public"))
        # Nothing of a linked community moves before a steward there says so.
        for one in (north, river):
            assert [standing.peer.moving_to for standing in await peers.listing(one.community)] != [None]
        clock.forward(minutes=1)
        await go_along(north)
        await go_along(river)
        await settle(mill, north, river)
        assert [one["type"] for one in elsewhere.received].count("Accept") == 2
        for one in (north, river):
            standing = await one.peer(mill)
            assert (standing.outgoing, standing.incoming) == (FollowState.ACCEPTED, FollowState.ACCEPTED)
            back = await mill.peer(one)
            assert (back.outgoing, back.incoming) == (FollowState.ACCEPTED, FollowState.ACCEPTED)
        # What was agreed goes on, at both ends of both tasks: read, under way, met.
        taken = next(line.response for line in await handoffs.listing(mill.community) if line.response.feed_item_id)
        assert (await handoffs.released(mill.community, taken.id, mill.dispatcher))["name"] == "Amina"
        given = next(line.response for line in await handoffs.listing(river.community))
        assert (await handoffs.released(river.community, given.id, river.dispatcher))["name"] == "Amina"
        await handoffs.set_status(mill.community, taken.id, ResponseState.MET, None, mill.dispatcher)
        await handoffs.set_status(river.community, given.id, ResponseState.MET, None, river.dispatcher)
        await settle(mill, north, river)
        assert await at(north, theirs.id) == await at(mill, taken.id) == ResponseState.MET
        assert await at(mill, ours.id) == await at(river, given.id) == ResponseState.MET
        assert (await north.notice(needed.notice.id)).status == "met"
        assert (await mill.notice(wanted.notice.id)).status == "met"
        # New things come from the new address, and from north to it; what is taken back is erased there.
        await mill.share(await mill.ask("Two ladders"), Level.PEERS)
        await north.share(await north.ask("A ramp"), Level.PEERS)
        await settle(mill, north, river)
        assert "Two ladders" in {entry.item.title for entry in await north.feed()}
        assert "A ramp" in {entry.item.title for entry in await mill.feed()}
        await shares.withdraw(mill.community, soup.id, mill.dispatcher)
        await settle(mill, north, river)
        assert {entry.item.title for entry in await river.feed()} == {"Two ladders"}
        record = await shares.get(mill.community, soup.id)
        assert {line.state for line in record.recipients} == {"erased"}


# C-116, T-34, T-25
async def test_forged_and_repeated_moves_do_nothing(old_house: Settings, north: Village, clock: Clock) -> None:
    """Not told by the old key, not confirmed by the new address, told again after the steward said no."""
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
        old_url = mill.url
    async with new_house(old_house, clock) as mill:
        forger = Outsider(mill.url, clock)
        forger.keys[f"{mill.url}/actors/peers"] = key_of(mill, OwnActor.PEERS)
        forged = Move(
            id=f"{mill.url}/a/m1",
            actor=f"{mill.url}/actors/peers",
            object=f"{old_url}/actors/peers",
            target=f"{mill.url}/actors/peers",
        )
        await forger.say(north, forged)  # the new one speaks for the old one
        await settle(mill, north)
        assert (await peers.listing(north.community))[0].peer.moving_to is None
        await moving.tell(mill.community, mill.dispatcher)
        await settle(mill, north)
        (standing,) = await peers.listing(north.community)
        assert standing.peer.moving_to is not None
        await relocating.decline_move(north.community, standing.peer.id, north.dispatcher)
        former = mill.community.homes.former
        assert former is not None
        again = Outsider(old_url, clock)
        again.keys[f"{old_url}/actors/peers"] = former.remote.keys[OwnActor.PEERS].rsa
        told = Move(
            id=f"{old_url}/a/m2",
            actor=f"{old_url}/actors/peers",
            object=f"{old_url}/actors/peers",
            target=f"{mill.url}/actors/peers",
        )
        await again.say(north, told)
        await settle(mill, north)
        assert (await peers.listing(north.community))[0].peer.moving_to is None


async def test_who_has_not_come_along_yet_is_spoken_to_as_before(
    old_house: Settings, north: Village, clock: Clock
) -> None:
    """North's steward is away: offers of help still reach it and end well, under the name it knows."""
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
    async with new_house(old_house, clock) as mill:
        await moving.tell(mill.community, mill.dispatcher)
        await settle(mill, north)
        clock.forward(days=2)  # copies are asked about anew before an offer
        await north.share(await north.ask(), Level.PEERS)
        await settle(mill, north)
        clock.forward(days=2)
        sent = await mill.offer()
        await settle(mill, north)
        arrived = await north.response()
        await responses.agree(north.community, arrived.id, ("name",), None, north.dispatcher)
        await settle(mill, north)
        assert await at(mill, sent.id) == ResponseState.AGREED
        await handoffs.set_status(mill.community, sent.id, ResponseState.RETURNED, None, mill.dispatcher)
        await settle(mill, north)
        assert await at(north, arrived.id) == ResponseState.RETURNED
        assert (await mill.peer(north)).outgoing is FollowState.ACCEPTED  # what north says of its followers agrees


async def test_people_are_sent_on_and_servers_are_answered_until_the_time_is_over(
    old_house: Settings, north: Village, clock: Clock
) -> None:
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
        public = await mill.share(await mill.ask("Soup on Sunday"), Level.PUBLIC)
        shown = await mill.share(await mill.ask("Two ladders"), Level.PEERS)
        old_url = mill.url
    async with new_house(old_house, clock) as mill:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{old_url}/ask?a=b", allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (308, f"{mill.url}/ask?a=b")
            page = public.object_id.replace("/o/", "/p/")
            async with session.get(page) as answer:
                assert (answer.status, "Soup on Sunday" in await answer.text()) == (200, True)
        assert await signed_get(north, shown.object_id, OwnActor.PEERS) == 200
        found_at = f"/.well-known/webfinger?resource=acct:mill_lane@{old_url.removeprefix('http://')}"
        assert f"{old_url}/actors/public".encode() in (await get(old_url + found_at))[1]
        status, _ = await get(f"{mill.url}/actors/public/outbox?page=1", Accept="application/activity+json")
        assert status == 200
        clock.forward(days=ANSWERED.days)
        await mill.run_clocks()
        assert mill.community.homes.former is None
        assert (await actor_at(mill.url)).also_known_as == ()
        async with mill.community.database.reading() as work:
            assert {key.key_id.partition("/actors/")[0] for key in await work.keys.listing()} == {mill.url}


async def test_a_stranger_that_follows_the_old_address_is_shown_the_new_one(
    old_house: Settings, clock: Clock, elsewhere: Outsider
) -> None:
    """And whoever stops following the old one after following the new one still follows the new one."""
    robin = elsewhere.actor()
    async with opened(old_house, clock) as mill:
        old_url = mill.url
        first = Follow(id=f"{elsewhere.url}/f/1", actor=robin, object=f"{old_url}/actors/public")
        await elsewhere.say(mill, first)
        await settle(mill)
    async with new_house(old_house, clock) as mill:
        late = elsewhere.actor("late")
        wrong = Follow(id=f"{elsewhere.url}/f/9", actor=late, object=f"{old_url}/actors/public")
        assert await say_at(old_url, elsewhere, wrong) == 202
        anew = Follow(id=f"{elsewhere.url}/f/2", actor=robin, object=f"{mill.url}/actors/public")
        await elsewhere.say(mill, anew)
        await settle(mill)
        undone = Undo(id=f"{elsewhere.url}/u/1", actor=robin, object=first.id, undone_type="Follow", embedded=first)
        assert await say_at(old_url, elsewhere, undone) == 202
        await settle(mill)
        assert [one["type"] for one in elsewhere.received] == ["Accept", "Reject", "Accept"]
        async with mill.community.database.reading() as work:
            assert await work.peers.followers(OwnActor.PUBLIC) == (robin,)
            follow = await work.peers.follow(Direction.INCOMING, OwnActor.PUBLIC, robin)
        assert follow is not None and follow.activity_id == anew.id


async def test_when_a_move_cannot_begin(old_house: Settings, river: Village, clock: Clock) -> None:
    async with opened(old_house, clock) as mill:
        with pytest.raises(Conflict, match="lives at that address"):
            await moving.prepare(mill.community, mill.url, mill.dispatcher)
        with pytest.raises(Conflict, match="No move is prepared"):
            await moving.tell(mill.community, mill.dispatcher)
        sol = await members.add(mill.community, "Sol", frozenset({Role.DISPATCHER}))
        with pytest.raises(NotAllowed):
            await moving.prepare(mill.community, "https://new.example", sol)
        await river.add_peer(mill, PeerLevel.PEERS)
        await settle(mill, river)
        with pytest.raises(Conflict, match="waits for an answer"):
            await moving.prepare(mill.community, "https://new.example", mill.dispatcher)
        await peers.decline(mill.community, (await mill.peer(river)).peer.id, mill.dispatcher)
    async with new_house(old_house, clock) as mill:
        await moving.tell(mill.community, mill.dispatcher)
        with pytest.raises(Conflict, match="is not over"):
            await moving.prepare(mill.community, "https://third.example", mill.dispatcher)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE])
async def test_on_a_bad_road(old_house: Settings, north: Village, clock: Clock, fault: Fault) -> None:
    """Each kind of message that a move takes goes astray once, and in the end both know each other as before."""
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
    async with new_house(old_house, clock) as mill, roads() as road:
        await road.lead_to(north)
        gone = [road.plan(fault, to=north, kind=kind) for kind in ("Move", "Follow", "Accept")]
        await moving.tell(mill.community, mill.dispatcher)
        await _in_the_end(road, mill, north)
        await go_along(north)
        await _in_the_end(road, mill, north)
        await _in_the_end(road, mill, north)
        assert [one.happened for one in gone] == [1, 1, 1]
        for standing in (await north.peer(mill), await mill.peer(north)):
            assert (standing.outgoing, standing.incoming) == (FollowState.ACCEPTED, FollowState.ACCEPTED)
        await mill.share(await mill.ask("Two ladders"), Level.PEERS)
        await _in_the_end(road, mill, north)
        assert [entry.item.title for entry in await north.feed()] == ["Two ladders"]


async def test_processes_end_in_the_middle_of_every_step(old_house: Settings, north: Village, clock: Clock) -> None:
    """Of telling, of coming along, and of what is shared afterwards; at both ends."""
    async with opened(old_house, clock) as before:
        await befriend(before, north)
    async with AsyncExitStack() as stack:
        mill = await stack.enter_async_context(new_house(old_house, clock))
        both = [await stack.enter_async_context(mortal(one)) for one in (mill, north)]
        for one in both:
            one.be_fragile()

        async def is_told() -> bool:
            former = (await moving.standing(mill.community, mill.dispatcher)).former
            return former is not None and former.told_at is not None

        async def is_along() -> bool:
            return [found.peer.host for found in await peers.listing(north.community)] == [mill.community.host]

        known: list[Asked] = []

        async def ask() -> None:
            known.append(await mill.ask("Two ladders"))

        async def has_asked() -> bool:
            return bool(known)

        async def is_shared() -> bool:
            return bool(await shares.shares_of(mill.community, known[0].notice.id))

        await outlive_step(both, lambda: moving.tell(mill.community, mill.dispatcher), is_told)
        await outlive_step(both, lambda: go_along(north), is_along)
        await outlive_step(both, ask, has_asked)
        await outlive_step(both, lambda: mill.share(known[0], Level.PEERS), is_shared)
        for standing in (await north.peer(mill), await mill.peer(north)):
            assert (standing.outgoing, standing.incoming) == (FollowState.ACCEPTED, FollowState.ACCEPTED)
        assert [entry.item.title for entry in await north.feed()] == ["Two ladders"]
        assert all(one.ended > 5 for one in both)


async def _in_the_end(road: Roads, *villages: Village) -> None:
    """Whatever was lost is sent again, and what is late arrives."""
    await settle(*villages)
    villages[0].clock.forward(hours=1)
    await road.late_ones_arrive()
    await settle(*villages)


async def test_the_heir_of_a_community_that_moved_goes_on_holding_its_copy(
    old_house: Settings, north: Village, clock: Clock
) -> None:
    """Before its steward went along, and after."""
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
        await heirs.choose(mill.community, (await mill.peer(north)).peer.id, 2, mill.dispatcher)
        mills = (await north.peer(mill)).peer.id
        await heirs.hold(north.community, mills, north.dispatcher)
    async with new_house(old_house, clock) as mill:
        await moving.tell(mill.community, mill.dispatcher)
        for _ in ("before", "after"):
            clock.forward(hours=6)
            await settle(mill, north)
            held = await heirs.held(north.community, mills)
            assert held is not None
            assert (held.fetched_at, held.dark_since) == (clock(), None)
            await go_along(north)
            await settle(mill, north)


async def test_words_for_neighbours_that_have_not_come_along_come_from_the_address_they_know(
    old_house: Settings, north: Village, river: Village, clock: Clock
) -> None:
    """Who introduces, who is introduced, what stewards agreed to, who rests, and the six words: as before the move."""
    async with opened(old_house, clock) as mill:
        await befriend(mill, north)
        await befriend(river, mill)
    async with new_house(old_house, clock) as mill:
        await moving.tell(mill.community, mill.dispatcher)
        await settle(mill, north, river)
        friend = (await mill.peer(north)).peer
        await introductions.ask_for(mill.community, friend.id, "We look for bakers.", mill.dispatcher)
        (at_river,) = [standing.peer for standing in await peers.listing(river.community)]
        await introductions.ask_for(river.community, at_river.id, "We bake.", river.dispatcher)
        await settle(mill, north, river)
        (wish,) = (await introductions.overview(north.community, north.dispatcher)).asking
        assert wish.friend == "Mill Lane"
        baker = (await mill.peer(river)).peer
        told = Wish(baker.id, (friend.id,), "They bake well.")
        (written,) = await introductions.introduce(mill.community, told, mill.dispatcher)
        await settle(mill, north, river)
        (met,) = (await introductions.overview(north.community, north.dispatcher)).met
        assert met.about.actor == f"{river.url}/actors/public"
        await introductions.take_back(mill.community, written.id, mill.dispatcher)
        await link_texts.write(mill.community, "We answer within a day.", mill.dispatcher)
        await rest.declare(mill.community, clock() + timedelta(days=9), mill.dispatcher)
        await settle(mill, north, river)
        assert (await introductions.overview(north.community, north.dispatcher)).met == ()
        (known,) = await peers.listing(north.community)
        assert (await link_texts.texts(north.community, known.peer.id)).theirs == "We answer within a day."
        assert known.rests(clock()) is not None
        ours = await fingerprints.fingerprint(mill.community, friend.id)
        theirs = await fingerprints.fingerprint(north.community, known.peer.id)
        assert ours.words == theirs.words != ""
