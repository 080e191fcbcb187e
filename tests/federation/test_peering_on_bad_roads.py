"""Linking on bad roads, and with processes that end in the middle of every step: asked, declined, agreed, ended.

In the end both communities have written down the same about every Follow between them, and what is not shared any
more is nowhere.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import cycle

import pytest

from node.domain.errors import PeerTrouble
from node.domain.peers import Direction, FollowState, PeerLevel
from node.domain.phrases import Phrase
from node.domain.shares import Level
from node.services import peers, shares
from node.services.needs import Asked
from tests.crashes import Mortal, mortal, outlive_settling, outlive_step
from tests.links import Fault, Roads, roads
from tests.village import Village

ASTRAY = (Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE)
KINDS = ("GET", "Follow", "Accept", "Reject", "Undo", "Delete", "Create")
#: What the one that asks may call it, and what the one that is asked calls the same; anything else means: not linked.
STANDS = {
    FollowState.ASKING: "asked",
    FollowState.ASKED: "asked",
    FollowState.ACCEPTED: "linked",
}

Links = dict[tuple[str, str], str]


@dataclass
class Story:
    """The circle at the river asks, the north answers."""

    asking: Mortal
    asked: Mortal
    road: Roads

    @property
    def mortals(self) -> tuple[Mortal, Mortal]:
        return (self.asking, self.asked)

    @property
    def villages(self) -> tuple[Village, Village]:
        return (self.asking.village, self.asked.village)

    async def step(self, deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]) -> None:
        """Somebody does something, and everything that follows of it happens; then both say the same."""
        await outlive_step(self.mortals, deed, is_done)
        river, north = self.villages
        assert await links(river, north) == await links(north, river)

    async def links(self) -> set[str]:
        """How it stands, by the word of both."""
        return set((await links(*self.villages)).values())


async def links(one: Village, other: Village) -> Links:
    """By who follows whom, how each Follow between the two stands, as the first of them has written it down."""
    async with one.community.database.reading() as work:
        found = await work.peers.follows_with(other.community.host)
    ours = one.community.addresses.actor
    pairs = {
        (ours(follow.own_actor), follow.remote_actor)
        if follow.direction is Direction.OUTGOING
        else (follow.remote_actor, ours(follow.own_actor)): STANDS.get(follow.state)
        for follow in found
    }
    return {pair: state for pair, state in pairs.items() if state is not None}


async def is_known(one: Village, other: Village) -> bool:
    return other.community.host in {found.peer.host for found in await peers.listing(one.community)}


async def asks(story: Story) -> None:
    river, north = story.villages

    async def ask() -> None:
        await peers.add(river.community, f"{north.url}/actors/public", PeerLevel.PEERS, river.dispatcher)

    async def has_asked() -> bool:
        return await is_known(river, north) and (await river.peer(north)).outgoing is FollowState.ASKING

    await story.step(ask, has_asked)
    assert (await north.peer(river)).incoming is FollowState.ASKED


async def answers(story: Story, answer: Callable[..., Awaitable[object]], state: FollowState) -> None:
    river, north = story.villages

    async def say() -> None:
        await answer(north.community, (await north.peer(river)).peer.id, north.dispatcher)

    async def has_said() -> bool:
        return (await north.peer(river)).incoming is state

    await story.step(say, has_said)


async def is_declined(story: Story) -> None:
    """A no, said to whoever asked; they may ask again."""
    await asks(story)
    await answers(story, peers.decline, FollowState.DECLINED)
    assert (await story.villages[0].peer(story.villages[1])).outgoing is FollowState.DECLINED
    assert "asked" not in await story.links()


async def is_agreed(story: Story) -> None:
    """A yes: both follow both feeds of the other, and each sees what the other shares."""
    await asks(story)
    await answers(story, peers.accept, FollowState.ACCEPTED)
    assert await story.links() == {"linked"}
    assert len(await links(*story.villages)) == 4
    for one, other in (story.villages, story.villages[::-1]):
        await shares_with(story, one, other)


async def shares_with(story: Story, one: Village, other: Village) -> None:
    known: list[Asked] = []

    async def ask() -> None:
        known.append(await one.ask())

    async def has_asked() -> bool:
        return bool(known)

    async def is_shared() -> bool:
        return bool(await shares.shares_of(one.community, known[0].notice.id))

    await story.step(ask, has_asked)
    await story.step(lambda: one.share(known[0], Level.PEERS), is_shared)
    assert (await other.only_item()).item.title == known[0].notice.wording.title


async def is_ended(story: Story) -> None:
    """The river ends it: nothing is left of it at either end but the page that says so."""
    river, north = story.villages

    async def end() -> None:
        await peers.drop(river.community, (await river.peer(north)).peer.id, river.dispatcher)

    async def is_gone() -> bool:
        return not await is_known(river, north)

    await story.step(end, is_gone)
    assert await story.links() == set()
    assert await river.feed() == await north.feed() == ()


PARTS = (is_declined, is_agreed, is_ended)


@pytest.fixture
async def story(north: Village, river: Village) -> AsyncIterator[Story]:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(roads())
        await road.lead_to(north, river)
        asking, asked = [await stack.enter_async_context(mortal(one)) for one in (river, north)]
        yield Story(asking, asked, road)


async def test_processes_end_in_the_middle_of_every_step(story: Story) -> None:
    """Before and after each thing that either of them stores."""
    for one in story.mortals:
        one.be_fragile()
    for part in PARTS:
        await part(story)
    assert all(one.ended > 10 for one in story.mortals)


@pytest.mark.parametrize("turn", range(len(ASTRAY)))
async def test_one_message_of_each_kind_goes_astray(story: Story, turn: int) -> None:
    """Each in another manner in every story. What is late comes when the part is over, the newest first."""
    ways = cycle([*ASTRAY[turn:], *ASTRAY[:turn]])
    for part in PARTS:
        planned = [story.road.plan(next(ways), from_=one, kind=kind) for kind in KINDS for one in story.villages]
        await part(story)
        assert sum(plan.happened for plan in planned) >= 2
        before = await links(*story.villages)
        await story.road.late_ones_arrive(newest_first=True)
        await outlive_settling(*story.mortals)
        assert await links(*story.villages) == await links(*story.villages[::-1]) == before
        story.road.mend()


@pytest.mark.parametrize("seed", range(2))
async def test_in_bad_weather(story: Story, seed: int) -> None:
    story.road.weather(seed, badly=0.4)
    for part in PARTS:
        await part(story)


async def test_both_ask_at_once(story: Story) -> None:
    """And their words cross: nobody has to answer what they have asked for themselves."""
    for one, other in (story.villages, story.villages[::-1]):
        story.road.plan(Fault.LATE, from_=one, kind="Follow")
        await one.add_peer(other, PeerLevel.PEERS)
    await outlive_settling(*story.mortals)
    await story.road.late_ones_arrive()
    await outlive_settling(*story.mortals)
    river, north = story.villages
    assert await links(river, north) == await links(north, river)
    assert await story.links() == {"linked"}
    assert len(await links(river, north)) == 4


async def test_half_a_community_is_not_taken_for_the_whole(story: Story) -> None:
    """Its peers feed could not be asked for: nobody says that it has none."""
    river, north = story.villages
    story.road.block("/.well-known/webfinger")
    with pytest.raises(PeerTrouble) as told:
        await river.add_peer(north, PeerLevel.PEERS)
    assert isinstance(told.value.message, Phrase)
    assert isinstance(told.value.message.values["reason"], Phrase)
    story.road.mend()
    await asks(story)
    story.road.block("/actors/")
    story.road.block("/.well-known/webfinger")
    await peers.accept(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    story.road.mend()
    await outlive_settling(*story.mortals)
    assert await links(river, north) == await links(north, river)
    assert len(await links(river, north)) == 4
