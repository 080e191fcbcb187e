"""A community rests: its neighbours see until when and hand nothing new to it, and it ends by itself at both sides."""

from datetime import timedelta

import pytest

from node.domain.errors import Conflict, Invalid, NotAllowed
from node.domain.members import Role
from node.domain.peers import PeerLevel
from node.domain.responses import OFFER_LIFE, ResponseState
from node.domain.rest import LONGEST, LONGEST_BELIEVED
from node.domain.shares import Level
from node.services import audit, handoffs, members, peers, responses, rest
from schemas.activities import Update
from schemas.actors import parse_actor
from schemas.fields import load
from tests.federation.outsider import Outsider
from tests.federation.pages import Browser
from tests.federation.test_what_can_go_otherwise import agreed, at
from tests.links import Fault, roads
from tests.village import START, Village, befriend, get, key_of, settle

TWO_WEEKS = START + timedelta(days=14)


async def told_until(river: Village, own: str) -> object:
    """What one of a village's actors says of its rest to whoever asks."""
    _, body = await get(f"{river.url}/actors/{own}", Accept="application/activity+json")
    return parse_actor(load(body)).resting_until


async def known_until(north: Village, river: Village) -> object:
    return (await north.peer(river)).rests(north.clock())


async def test_neighbours_see_it_and_name_it_for_nothing(north: Village, river: Village) -> None:
    """They are told, in words and before they choose; what is for all neighbours still reaches everybody."""
    await befriend(river, north)
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    assert await told_until(river, "public") == await told_until(river, "peers") == TWO_WEEKS
    assert await told_until(river, "instance") is None
    await settle(north, river)
    assert await known_until(north, river) == TWO_WEEKS
    peer = (await north.peer(river)).peer
    coats = await north.ask()
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        page = await robin.open(f"/dispatch/{coats.notice.id}/share")
        assert f'value="{peer.id}"' not in page  # it cannot be chosen, and the page says why
        assert "River Street Circle rests until" in page
        assert "They rest until" in await robin.open("/peers")
        assert "They rest" in await robin.open(f"/peers/{peer.id}")
        assert "River Street Circle rests" in await robin.press(
            f"/dispatch/{coats.notice.id}/share", step="preview", level="named", peers=peer.id
        )
    with pytest.raises(Conflict, match="River Street Circle rests"):
        await north.share(coats, Level.NAMED, peers=(peer.id,))
    await north.share(coats, Level.PEERS)
    await settle(north, river)
    assert len(await river.feed()) == 1


async def test_an_offer_that_waits_is_not_agreed_to_while_they_rest(north: Village, river: Village) -> None:
    await befriend(river, north)
    coats = await north.ask()
    await north.share(coats, Level.PEERS)
    await settle(north, river)
    await river.offer()
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    await settle(north, river)
    waiting = await north.response()
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        page = await robin.open(f"/responses/{waiting.id}")
        assert f"/responses/{waiting.id}/agree" not in page
        assert f"/responses/{waiting.id}/decline" in page
    with pytest.raises(Conflict, match="rests"):
        await responses.agree(north.community, waiting.id, (), None, north.dispatcher)
    await rest.end_early(river.community, river.dispatcher)
    await settle(north, river)
    await responses.agree(north.community, waiting.id, (), None, north.dispatcher)
    await settle(north, river)
    assert (await river.only_item()).own_response.state is ResponseState.AGREED  # type: ignore[union-attr]


async def test_help_offered_to_a_community_that_rests_waits_for_it(north: Village, river: Village) -> None:
    """It is said before anybody presses a button, and the offer does not lapse while they rest."""
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await rest.declare(north.community, TWO_WEEKS, north.dispatcher)
    await settle(north, river)
    item = (await river.only_item()).item
    async with Browser(river) as robin:
        await robin.walk_in(river.dispatcher)
        for path in ("/feed", f"/feed/{item.id}", f"/feed/{item.id}/offer"):
            assert "after that" in await robin.open(path) or "rests until" in await robin.open(path)
    offered = await river.offer()
    assert offered.until == TWO_WEEKS + OFFER_LIFE
    river.clock.forward(days=10)
    await river.run_clocks()
    await settle(north, river)
    assert (await north.response()).state == ResponseState.OFFERED


async def test_what_is_under_way_goes_on(north: Village, river: Village) -> None:
    """Rest begins in the middle of a task: word of it still counts at both ends."""
    _, ours, theirs = await agreed(north, river)
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    await settle(north, river)
    await handoffs.set_status(river.community, theirs, ResponseState.MET, None, river.dispatcher)
    await settle(north, river)
    assert await at(north, ours) == await at(river, theirs) == ResponseState.MET


async def test_it_ends_by_itself_at_both_sides_with_nobody_saying_so(north: Village, river: Village) -> None:
    """Not even where the other side is down when the time comes: it is in the document that was read."""
    await befriend(river, north)
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    await settle(north, river)
    await river.close_doors()
    river.clock.forward(days=14, seconds=1)
    peer = (await north.peer(river)).peer
    assert await known_until(north, river) is None
    coats = await north.ask()
    await north.share(coats, Level.NAMED, peers=(peer.id,))
    await river.open_doors()
    assert await told_until(river, "public") is None
    assert await rest.resting_until(river.community) is None


async def test_longer_shorter_and_back_early_while_the_neighbour_is_down(north: Village, river: Village) -> None:
    """Of several changes the last one is what they know, whatever order their words arrive in."""
    await befriend(river, north)
    await north.close_doors()
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    await rest.declare(river.community, TWO_WEEKS + timedelta(days=7), river.dispatcher)
    await rest.declare(river.community, TWO_WEEKS - timedelta(days=7), river.dispatcher)
    await settle(river)
    assert await known_until(north, river) is None
    await north.open_doors()
    river.clock.forward(hours=1)
    await settle(north, river)
    assert await known_until(north, river) == TWO_WEEKS - timedelta(days=7)
    await rest.end_early(river.community, river.dispatcher)
    await settle(north, river)
    assert await known_until(north, river) is None
    log = [entry.action for entry in await audit.listing(river.community, river.dispatcher)]
    assert [action for action in log if "rest" in action] == [
        "ended a rest", "changed a rest", "changed a rest", "declared a rest"
    ]  # fmt: skip


async def test_a_neighbour_that_comes_later_sees_it_too(north: Village, river: Village) -> None:
    """Word of it was never sent there; it stands in the document."""
    await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
    await befriend(north, river)
    assert await known_until(north, river) == TWO_WEEKS


# C-83
async def test_only_the_actors_own_document_counts(north: Village, river: Village) -> None:
    """The posted copy may say what it likes."""
    await befriend(river, north)
    actor = f"{river.url}/actors/public"
    _, body = await get(actor, Accept="application/activity+json")
    shown = parse_actor(load(body)).model_copy(update={"resting_until": TWO_WEEKS})
    outside = Outsider(river.url, river.clock)
    outside.keys[actor] = key_of(river)
    word = Update(id=f"{river.url}/a/rest1", actor=actor, to=(f"{actor}/followers",), object=shown)
    assert await outside.say(north, word) == 202
    await settle(north, river)
    assert await known_until(north, river) is None


async def test_nobody_is_believed_to_rest_for_ever(north: Village, elsewhere: Outsider) -> None:
    """Nor does a time that no calendar holds make a page fail."""
    far = elsewhere.actor("far", type="Organization", **{"aid:restingUntil": "9999-12-31T23:59:59Z"})
    standing = await peers.add(north.community, far, PeerLevel.PUBLIC, north.dispatcher)
    assert standing.rests(north.clock()) == START + LONGEST_BELIEVED
    async with Browser(north) as robin:
        await robin.walk_in(north.dispatcher)
        assert "They rest until" in await robin.open("/peers")


async def test_who_may_rest_and_for_how_long(north: Village) -> None:
    helper = await members.add(north.community, "Sol", frozenset({Role.DISPATCHER}))
    with pytest.raises(NotAllowed):
        await rest.declare(north.community, TWO_WEEKS, helper)
    with pytest.raises(NotAllowed):
        await rest.end_early(north.community, helper)
    for wrong in (None, START, START - timedelta(days=1), START + LONGEST + timedelta(days=1)):
        with pytest.raises(Invalid):
            await rest.declare(north.community, wrong, north.dispatcher)
    with pytest.raises(Conflict, match="do not rest"):
        await rest.end_early(north.community, north.dispatcher)
    assert await rest.resting_until(north.community) is None


async def test_our_own_pages_say_it_kindly(north: Village) -> None:
    """To guests without a word of blame or alarm, to stewards with the way back; declared and ended on the page."""
    async with Browser(north) as robin, Browser(north) as guest:
        await robin.walk_in(north.dispatcher)
        assert "We rest until" not in await guest.open("/")
        await robin.open("/rest")
        assert 'value="20"' in await robin.press("/rest", until="20")  # kept as typed
        await robin.press("/rest", until="2026-12-04")
        for page in ("/", "/ask", "/r"):
            assert "Write to us all the same" in await guest.open(page)
        assert 'Until the end of <time datetime="2026-12-04">' in await robin.open("/rest")
        assert "We are back" in await robin.press("/rest/end")
        assert "We rest until" not in await guest.open("/")


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE])
async def test_on_a_bad_road(north: Village, river: Village, fault: Fault) -> None:
    """Word of it is lost, doubled or late, also later than word of the end: what counts is what the document says."""
    await befriend(river, north)
    async with roads() as road:
        await road.lead_to(north, river)
        gone = road.plan(fault, from_=river, to=north, kind="Update")
        await rest.declare(river.community, TWO_WEEKS, river.dispatcher)
        await settle(north, river)
        river.clock.forward(hours=1)
        await settle(north, river)
        assert gone.happened == 1
        assert await known_until(north, river) == TWO_WEEKS
        await rest.end_early(river.community, river.dispatcher)
        await settle(north, river)
        await road.late_ones_arrive()
        await settle(north, river)
        assert await known_until(north, river) is None
