"""Linking on bad roads, and with processes that end in the middle of every step: followed, asked, agreed, ended.

In the end both communities have written down the same about every Follow between them and about what went each way,
and what is not shared any more is nowhere.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

import pytest

from node.domain.errors import PeerTrouble
from node.domain.exchange import LEAST
from node.domain.members import Member, Role
from node.domain.peers import Direction, FollowState, PeerLevel
from node.domain.phrases import Phrase
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.domain.second_yes import of_link
from node.domain.shares import Level
from node.services import exchange, followed, members, network, peers, postings, rest, second_yes, shares, told
from node.services.exchange import Wish
from node.services.needs import Asked
from node.services.second_yes import Deed
from node.services.told import Search
from tests.crashes import Mortal, mortal, outlive_settling, outlive_step
from tests.links import Fault, Roads, roads
from tests.village import Village, settle

ASTRAY = (Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE)
KINDS = ("GET", "Follow", "Accept", "Reject", "Undo", "Delete", "Create", "Update")
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

    async def calmly(self, deed: Callable[[], Awaitable[object]]) -> None:
        """The same where no process ends, because it is seen in another step that none of this is lost."""
        fragile = [one for one in self.mortals if one.is_fragile]
        await outlive_settling(*self.mortals)
        for one in fragile:
            one.is_fragile = False
        await deed()
        await outlive_settling(*self.mortals)
        for one in fragile:
            one.be_fragile()

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


async def asks(story: Story, *, calmly: bool = False) -> None:
    river, north = story.villages

    async def ask() -> None:
        await peers.add(river.community, f"{north.url}/actors/public", PeerLevel.PEERS, river.dispatcher)

    async def has_asked() -> bool:
        return await is_known(river, north) and (await river.peer(north)).outgoing is FollowState.ASKING

    await (story.calmly(ask) if calmly else story.step(ask, has_asked))
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
    await asks(story, calmly=True)
    await answers(story, peers.decline, FollowState.DECLINED)
    assert (await story.villages[0].peer(story.villages[1])).outgoing is FollowState.DECLINED
    assert "asked" not in await story.links()


async def is_followed(story: Story) -> None:
    """Public posts alone: nobody has to be asked for them. The river follows, reads, and follows no longer."""
    river, north = story.villages
    public = f"{north.url}/actors/public"

    async def does_follow() -> bool:
        return [one.actor for one in await followed.listing(river.community, river.dispatcher)] == [public]

    async def unfollows() -> None:
        for one in await followed.listing(river.community, river.dispatcher):
            await followed.unfollow(river.community, one.id, river.dispatcher)

    async def follows_nobody() -> bool:
        return not await does_follow()

    await story.step(lambda: followed.follow(river.community, public, river.dispatcher), does_follow)
    assert await links(river, north) == {(f"{river.url}/actors/public", public): "linked"}
    await announces(story)
    await story.step(unfollows, follows_nobody)
    assert await story.links() == set()
    assert await river.feed() == ()
    await story.calmly(lambda: take_back(north))


async def announces(story: Story) -> None:
    """The north tells everybody something, and then in other words."""
    river, north = story.villages

    async def write() -> None:
        draft = Draft(PostingWords("Soup on Friday"), Audience.PUBLIC)
        await postings.write(north.community, draft, north.dispatcher, "once")

    async def change() -> None:
        (news,) = await ours(north)
        draft = Draft(PostingWords("Soup on Sunday"), Audience.PUBLIC, until=news.until)
        await postings.change(north.community, news.id, draft, north.dispatcher)

    for deed, title in ((write, "Soup on Friday"), (change, "Soup on Sunday")):
        await story.step(deed, stand(north, title))
        assert [entry.item.title for entry in await river.feed()] == [title]


async def ours(north: Village) -> list[Posting]:
    """What the north announces now."""
    found = await told.listing(north.community, north.dispatcher, Search(PostingKind.ANNOUNCEMENT))
    return [one for one in found.items if one.is_current(north.clock())]


async def take_back(north: Village) -> None:
    """All of it."""
    for one in await ours(north):
        await postings.take_back(north.community, one.id, north.dispatcher)


def stand(north: Village, *titles: str) -> Callable[[], Awaitable[bool]]:
    """Whether it announces just this."""

    async def look() -> bool:
        return [one.words.title for one in await ours(north)] == [*titles]

    return look


async def is_agreed(story: Story) -> None:
    """A yes: both follow both feeds of the other, and each sees what the other shares."""
    await asks(story)
    await answers(story, peers.accept, FollowState.ACCEPTED)
    assert await story.links() == {"linked"}
    assert len(await links(*story.villages)) == 4
    for one, other in (story.villages, story.villages[::-1]):
        await shares_with(story, one, other)
    ((ours,), (theirs,)) = [await network.at_a_glance(one.community, one.dispatcher) for one in story.villages]
    assert (ours.to_them, ours.to_us) == (theirs.to_us, theirs.to_them)


async def shares_with(story: Story, one: Village, other: Village) -> None:
    title = f"Coats for {one.community.host}"
    await asks_and_shares(story, one, title)
    assert (await other.only_item()).item.title == title


async def asks_and_shares(story: Story, one: Village, title: str) -> None:
    """Somebody asks at one of the two, and a dispatcher shares it with all neighbours."""
    known: list[Asked] = []

    async def ask() -> None:
        known.append(await one.ask(title))

    async def is_shared() -> bool:
        return bool(await shares.shares_of(one.community, known[0].notice.id))

    await story.calmly(ask)
    await story.step(lambda: one.share(known[0], Level.PEERS), is_shared)


async def rests(story: Story) -> None:
    """The river rests, and is back sooner than it said: the north knows both."""
    river, north = story.villages
    until = river.clock() + timedelta(days=14)

    async def known_until() -> tuple[object, object]:
        return await rest.resting_until(river.community), (await north.peer(river)).rests(north.clock())

    async def is_declared() -> bool:
        return (await known_until())[0] == until

    async def is_back() -> bool:
        return (await known_until())[0] is None

    await story.step(lambda: rest.declare(river.community, until, river.dispatcher), is_declared)
    assert await known_until() == (until, until)
    await story.step(lambda: rest.end_early(river.community, river.dispatcher), is_back)
    assert await known_until() == (None, None)


async def is_paused(story: Story) -> None:
    """The north hears nothing new until it resumes, and then what came meanwhile."""
    river, north = story.villages
    before = {entry.item.title for entry in await north.feed()}

    def pause_is(wanted: bool) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return (await north.peer(river)).peer.paused is wanted

        return look

    async def change(deed: Callable[..., Awaitable[object]]) -> None:
        await deed(north.community, (await north.peer(river)).peer.id, north.dispatcher)

    await story.step(lambda: change(peers.pause), pause_is(True))
    await asks_and_shares(story, river, "A ladder")
    assert {entry.item.title for entry in await north.feed()} == before
    await story.step(lambda: change(peers.resume), pause_is(False))
    assert {entry.item.title for entry in await north.feed()} == before | {"A ladder"}


async def is_narrowed(story: Story) -> None:
    """The river sends the north no goods any more, which are asked back, and then does again."""
    river, north = story.villages
    before = {entry.item.title for entry in await north.feed()}

    def choose(categories: frozenset[str]) -> Callable[[], Awaitable[None]]:
        async def change() -> None:
            peer_id = (await river.peer(north)).peer.id
            await exchange.choose(river.community, peer_id, Wish(sends=categories), river.dispatcher)

        return change

    def sends(categories: frozenset[str]) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return (await river.peer(north)).peer.exchange.sends == categories

        return look

    few = LEAST - {"goods"}
    await story.step(choose(few), sends(few))
    assert await north.feed() == ()
    await story.step(choose(LEAST), sends(LEAST))
    assert await north.feed() == ()  # what was asked back does not come again by itself
    await asks_and_shares(story, river, "Chairs")
    assert {entry.item.title for entry in await north.feed()} == {"Chairs"} != before


async def is_reduced(story: Story) -> None:
    """The river keeps to public posts: what is for neighbours is nowhere any more, and both say so."""
    river, north = story.villages

    async def reduce() -> None:
        peer_id = (await river.peer(north)).peer.id
        await peers.change_level(river.community, peer_id, PeerLevel.PUBLIC, river.dispatcher)

    async def is_done() -> bool:
        return (await river.peer(north)).peer.level is PeerLevel.PUBLIC

    await story.step(reduce, is_done)
    peering = f"{river.url}/actors/peers", f"{north.url}/actors/peers"
    assert set(await links(river, north)).isdisjoint({peering, peering[::-1]})
    assert await river.feed() == await north.feed() == ()


async def takes_two_stewards(story: Story) -> None:
    """The north decided so: the first one's yes is no answer yet, the second one's is."""
    _, north = story.villages

    async def decides() -> None:
        await second_yes.require_two(north.community, Deed.LINKS, True, north.dispatcher)
        await members.add(north.community, "Noor", frozenset({Role.STEWARD, Role.DISPATCHER}))

    async def one_waits() -> bool:
        peer_id = (await north.peer(story.asking.village)).peer.id
        return await second_yes.waiting(north.community, of_link(peer_id), north.dispatcher) is not None

    async def say(member: Member) -> None:
        await peers.accept(north.community, (await north.peer(story.asking.village)).peer.id, member)

    await story.calmly(decides)
    await asks(story, calmly=True)
    await story.step(lambda: say(north.dispatcher), one_waits)
    assert (await north.peer(story.asking.village)).incoming is FollowState.ASKED
    noor = await members.by_name(north.community, "Noor")

    async def is_accepted() -> bool:
        return (await north.peer(story.asking.village)).incoming is FollowState.ACCEPTED

    await story.step(lambda: say(noor), is_accepted)
    assert await story.links() == {"linked"}


async def is_blocked(story: Story) -> None:
    """Nothing is between the two any more, at either end, and nothing new is heard."""
    river, north = story.villages

    async def block() -> None:
        await peers.block(north.community, (await north.peer(river)).peer.id, north.dispatcher)

    async def is_done() -> bool:
        return (await north.peer(river)).peer.blocked

    await story.step(block, is_done)
    assert "linked" not in await story.links()
    assert await river.feed() == await north.feed() == ()


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


PARTS = (is_followed, is_declined, is_agreed, rests, is_paused, is_reduced, is_ended)


@pytest.fixture
async def story(north: Village, river: Village) -> AsyncIterator[Story]:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(roads())
        await road.lead_to(north, river)
        asking, asked = [await stack.enter_async_context(mortal(one)) for one in (river, north)]
        yield Story(asking, asked, road)


@pytest.mark.parametrize(
    "parts",
    [
        (is_followed, is_declined, takes_two_stewards, is_blocked),
        (is_agreed, rests, is_narrowed, is_paused, is_reduced, is_ended),
    ],
    ids=("followed and blocked", "agreed and ended"),
)
async def test_processes_end_in_the_middle_of_every_step(
    story: Story, parts: tuple[Callable[[Story], Awaitable[None]], ...]
) -> None:
    """Before and after each thing that either of them stores."""
    for one in story.mortals:
        one.be_fragile()
    for part in parts:
        await part(story)
    assert all(one.ended > 10 for one in story.mortals)


@pytest.mark.parametrize("turn", range(len(ASTRAY)))
async def test_one_message_of_each_kind_goes_astray(story: Story, turn: int) -> None:
    """Each in another manner in every story. What is late comes when the part is over, the newest first."""
    ways = cycle([*ASTRAY[turn:], *ASTRAY[:turn]])
    for part in PARTS:
        planned = [story.road.plan(next(ways), from_=one, kind=kind) for kind in KINDS for one in story.villages]
        await part(story)
        assert any(plan.happened for plan in planned)
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


async def test_a_link_is_whole_once_the_other_feed_is_known(story: Story) -> None:
    """Nothing was heard of their public feed when we said yes, and nobody could be asked: it asks for ours later."""
    river, north = story.villages
    story.road.plan(Fault.LOST, from_=river, kind="Follow", about=f"{north.url}/actors/public")
    await river.add_peer(north, PeerLevel.PEERS)
    await settle(river, north)
    story.road.block("/actors/")
    story.road.block("/.well-known/webfinger")
    await peers.accept(north.community, (await north.peer(river)).peer.id, north.dispatcher)
    assert len(await links(north, river)) == 2
    story.road.mend()
    await outlive_settling(*story.mortals)
    assert await links(river, north) == await links(north, river)
    assert len(await links(river, north)) == 4
    assert "-peers@" not in (await north.peer(river)).peer.address
