"""Introductions, capacity, announcements and places: on bad roads, and with processes that end in the middle.

In the end both communities have written down the same: what stands is read there, and what was taken back is not.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle

import pytest

from node.domain.capacity import CapacityDraft
from node.domain.postings import Audience, Draft, Posting, PostingKind, PostingWords
from node.domain.resources import Facts
from node.domain.shares import RecipientState
from node.services import capacity, introductions, postings, told
from node.services.introductions import Wish
from node.services.told import Search
from tests.crashes import Mortal, mortal, outlive_settling, outlive_step
from tests.links import Fault, Roads, roads
from tests.village import Village, befriend

ASTRAY = (Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE)
NEW_HERE = "We are new, and cook for sixty."
WORDS = "They cook on Thursdays and have a van."
LATER = "They have two vans now."


@dataclass
class Story:
    """The market hall is new here and knows the north alone; the north knows the river, too."""

    newcomer: Mortal
    friend: Mortal
    reader: Mortal
    road: Roads

    @property
    def mortals(self) -> tuple[Mortal, ...]:
        return (self.newcomer, self.friend, self.reader)

    @property
    def villages(self) -> tuple[Village, ...]:
        return tuple(one.village for one in self.mortals)

    async def step(self, deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]) -> None:
        """Somebody does something, and everything that follows of it happens."""
        await outlive_step(self.mortals, deed, is_done)


@pytest.fixture
async def story(north: Village, river: Village, market: Village) -> AsyncIterator[Story]:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(roads())
        await road.lead_to(north, river, market)
        await befriend(river, north)
        await befriend(market, north)
        three = [await stack.enter_async_context(mortal(one)) for one in (market, north, river)]
        yield Story(*three, road)


Told = list[tuple[str, str, datetime]]


async def written(one: Village) -> Told:
    """What this community wrote: under which id, in which words, until when."""
    seen = await introductions.overview(one.community, one.dispatcher)
    said = [words.introduction for words in (*seen.asked, *seen.written)]
    return sorted((found.activity_id, found.text, found.ends_at) for found in said)


async def read(one: Village) -> Told:
    """What this community's stewards read."""
    seen = await introductions.overview(one.community, one.dispatcher)
    said = [words.introduction for words in (*seen.asking, *(words for met in seen.met for words in met.words))]
    return sorted((found.activity_id, found.text, found.ends_at) for found in said)


async def is_introduced(story: Story) -> None:
    """Asked for, written, written anew; then both records agree."""
    newcomer, friend, reader = story.villages

    async def wishes() -> None:
        there = (await newcomer.peer(friend)).peer.id
        await introductions.ask_for(newcomer.community, there, NEW_HERE, newcomer.dispatcher)

    def writes(text: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            about, to = [(await friend.peer(one)).peer.id for one in (newcomer, reader)]
            await introductions.introduce(friend.community, Wish(about, (to,), text), friend.dispatcher)

        return write

    def said(one: Village, text: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return text in {words for _, words, _ in await written(one)}

        return look

    await story.step(wishes, said(newcomer, NEW_HERE))
    for text in (WORDS, LATER):
        await story.step(writes(text), said(friend, text))
    assert [words for _, words, _ in await written(friend)] == [LATER]
    assert await read(reader) == await written(friend)
    assert await read(friend) == await written(newcomer)


async def is_taken_back(story: Story) -> None:
    """The newcomer wishes it no longer: nobody reads anything of it any more."""
    newcomer, friend, reader = story.villages

    async def regrets() -> None:
        for one in (await introductions.overview(newcomer.community, newcomer.dispatcher)).asked:
            await introductions.take_back(newcomer.community, one.introduction.id, newcomer.dispatcher)

    async def is_done() -> bool:
        return not await written(newcomer)

    await story.step(regrets, is_done)
    for one in (newcomer, friend, reader):
        assert await written(one) == await read(one) == []


async def capacities(story: Story) -> None:
    """The friend tells what it could give, tells it anew, and takes it back; the others read just that."""
    _, friend, _ = story.villages
    until = friend.clock() + timedelta(days=50)

    def tells(title: str) -> Callable[[], Awaitable[object]]:
        draft = CapacityDraft(title, "goods", Decimal(30), "one", until)
        return lambda: capacity.tell(friend.community, draft, friend.dispatcher, title)

    def stand(*titles: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return [one.capacity.title for one in await capacity.ours(friend.community, friend.dispatcher)] == [*titles]

        return look

    async def takes_back() -> None:
        for one in await capacity.ours(friend.community, friend.dispatcher):
            await capacity.take_back(friend.community, one.capacity.id, friend.dispatcher)

    for title in ("30 boxes", "12 boxes"):
        await story.step(tells(title), stand(title))
        assert await heard(story) == [[title], [title]]
    await story.step(takes_back, stand())
    assert await heard(story) == [[], []]


async def heard(story: Story) -> list[list[str]]:
    """What the other two read that the friend could give."""
    newcomer, _, reader = story.villages
    return [
        [found.item.title for found in await capacity.theirs(one.community, one.dispatcher)]
        for one in (newcomer, reader)
    ]


async def tellings(story: Story) -> None:
    """The friend tells that the kitchen is closed, and of a place; changes one, looks at the other, takes both back."""
    _, friend, _ = story.villages
    place = Facts("meals", "12 Station Road", friend.clock())

    def write(title: str, facts: Facts | None) -> Callable[[], Awaitable[object]]:
        draft = Draft(PostingWords(title), Audience.PEERS, facts=facts)
        return lambda: postings.write(friend.community, draft, friend.dispatcher, title)

    def stand(*titles: str) -> Callable[[], Awaitable[bool]]:
        async def look() -> bool:
            return [one.words.title for one in await ours(friend)] == [*titles]

        return look

    async def change() -> None:
        (news, _) = await ours(friend)
        draft = Draft(replace(news.words, title="Closed on Saturday"), news.audience, until=news.until)
        await postings.change(friend.community, news.id, draft, friend.dispatcher)

    async def look_again() -> None:
        (_, known) = await ours(friend)
        await postings.checked_now(friend.community, known.id, friend.dispatcher)

    async def was_looked_at() -> bool:
        (_, known) = await ours(friend)
        return known.facts is not None and known.facts.checked_at > place.checked_at

    async def take_back() -> None:
        for one in await ours(friend):
            await postings.take_back(friend.community, one.id, friend.dispatcher)

    await story.step(write("Closed on Friday", None), stand("Closed on Friday"))
    await story.step(write("Station Kitchen", place), stand("Closed on Friday", "Station Kitchen"))
    await story.step(change, stand("Closed on Saturday", "Station Kitchen"))
    friend.clock.forward(minutes=30)
    await story.step(look_again, was_looked_at)
    told_of = [(one.words.title, one.facts and one.facts.checked_at) for one in await ours(friend)]
    assert await known(story) == [told_of, told_of]
    everything = await ours(friend)
    await story.step(take_back, stand())
    assert await known(story) == [[], []]
    for one in everything:
        record = await told.get(friend.community, one.kind, one.id, friend.dispatcher)
        assert {line.state for line in record.recipients} == {RecipientState.ERASED}


async def ours(one: Village) -> list[Posting]:
    """What this community tells now: announcements first."""
    return [
        found
        for kind in (PostingKind.ANNOUNCEMENT, PostingKind.RESOURCE)
        for found in (await told.listing(one.community, one.dispatcher, Search(kind))).items
        if found.is_current(one.clock())
    ]


async def known(story: Story) -> list[list[tuple[str, datetime | None]]]:
    """What the other two hold of it, and when somebody last looked at the place."""
    found = []
    for one in (story.newcomer.village, story.reader.village):
        items = sorted((entry.item for entry in await one.feed()), key=lambda item: item.title)
        found.append([(item.title, item.facts and item.facts.checked_at) for item in items])
    return found


async def test_processes_end_in_the_middle_of_every_step(story: Story) -> None:
    """Before and after each thing that any of the three stores."""
    for one in story.mortals:
        one.be_fragile()
    await is_introduced(story)
    await is_taken_back(story)
    await capacities(story)
    await tellings(story)
    assert all(one.ended > 5 for one in story.mortals)


@pytest.mark.parametrize("turn", range(2))
async def test_one_message_of_each_kind_goes_astray(story: Story, turn: int) -> None:
    """Each kind in another manner in every story. What is late comes when the story is over, the newest first."""
    ways = cycle([*ASTRAY[turn:], *ASTRAY])
    for part, kinds in (
        (is_introduced, ("Offer", "GET")),
        (is_taken_back, ("Undo",)),
        (capacities, ("Create", "Delete")),
        (tellings, ("Create", "Update", "Delete", "Accept")),
    ):
        planned = [story.road.plan(next(ways), from_=one, kind=kind) for kind in kinds for one in story.villages]
        await part(story)
        assert any(plan.happened for plan in planned)
    before = [await read(one) for one in story.villages]
    await story.road.late_ones_arrive(newest_first=True)
    await outlive_settling(*story.mortals)
    assert [await read(one) for one in story.villages] == before
    assert await heard(story) == await known(story) == [[], []]
