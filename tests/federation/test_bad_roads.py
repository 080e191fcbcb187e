"""The whole story between two communities on bad roads and with processes that end in the middle of every step.

Messages are lost, doubled, late and out of order; a process ends before and after each thing it stores. In the end both
communities have written down the same.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import cycle

import pytest

from node.domain.notices import Status
from node.domain.responses import Response, ResponseState, Side
from node.domain.shares import Level
from node.services import handoffs, responses, shares
from node.services.needs import Asked
from tests.crashes import Mortal, mortal, outlive_settling, outlive_step
from tests.federation.records import differences
from tests.links import Fault, Roads, roads
from tests.village import Village, befriend

#: What every kind of message says: one of each kind meets the fault that a story is about.
KINDS = ("Create", "Update", "Delete", "Offer", "Accept", "Reject", "Undo", "GET")
ASTRAY = (Fault.LOST, Fault.ANSWER_LOST, Fault.TWICE, Fault.LATE)


@dataclass
class Story:
    """Four coats are wanted in the north; the circle at the river can bring some."""

    origin: Mortal
    helper: Mortal
    road: Roads
    asked: Asked
    read: list[object] = field(default_factory=list)

    @property
    def mortals(self) -> Sequence[Mortal]:
        return (self.origin, self.helper)

    @property
    def north(self) -> Village:
        return self.origin.village

    @property
    def river(self) -> Village:
        return self.helper.village

    async def step(self, deed: Callable[[], Awaitable[object]], is_done: Callable[[], Awaitable[bool]]) -> None:
        """Somebody does something, and everything that follows of it happens."""
        await outlive_step(self.mortals, deed, is_done)

    async def until_under_way(self) -> None:
        """shared → offered → agreed → released → under way."""
        await self.until_agreed()
        await self.step(self.reads, self.has_read)
        await self.step(
            self.says(self.river, ResponseState.UNDER_WAY), self.stands(self.river, ResponseState.UNDER_WAY)
        )

    async def until_agreed(self) -> None:
        """shared → offered → agreed."""
        await self.until_offered()
        await self.step(self.agrees, self.stands(self.north, ResponseState.AGREED))

    async def until_offered(self) -> None:
        """shared → offered."""
        await self.step(lambda: self.north.share(self.asked, Level.PEERS), self.is_shared)
        await self.step(lambda: self.river.offer(quantity=4), self.stands(self.river, ResponseState.OFFERED))

    async def is_shared(self) -> bool:
        return bool(await shares.shares_of(self.north.community, self.asked.notice.id))

    async def agrees(self) -> None:
        ours = await self.response(self.north)
        assert ours is not None
        await responses.agree(self.north.community, ours.id, ("name", "contact"), None, self.north.dispatcher)

    async def reads(self) -> None:
        theirs = await self.response(self.river)
        assert theirs is not None
        self.read.append(await handoffs.released(self.river.community, theirs.id, self.river.dispatcher))

    async def has_read(self) -> bool:
        return bool(self.read)

    def says(self, one: Village, state: ResponseState, brought: int | None = None) -> Callable[[], Awaitable[object]]:
        async def say() -> None:
            known = await self.response(one)
            assert known is not None
            amount = None if brought is None else Decimal(brought)
            await handoffs.set_status(one.community, known.id, state, amount, one.dispatcher)

        return say

    def stands(self, one: Village, state: ResponseState) -> Callable[[], Awaitable[bool]]:
        async def stand() -> bool:
            known = await self.response(one)
            return known is not None and known.state == state

        return stand

    async def response(self, one: Village) -> Response | None:
        side = Side.ORIGIN if one is self.north else Side.HELPER
        async with one.community.database.reading() as work:
            return next(iter(await work.responses.of_side(side)), None)


async def met(story: Story) -> None:
    await story.step(story.says(story.river, ResponseState.MET), story.stands(story.river, ResponseState.MET))


async def partly(story: Story) -> None:
    await story.step(story.says(story.river, ResponseState.PARTLY, 3), story.stands(story.river, ResponseState.PARTLY))


async def origin_says_met(story: Story) -> None:
    await story.step(story.says(story.north, ResponseState.MET), story.stands(story.north, ResponseState.MET))


async def handed_back(story: Story) -> None:
    await story.step(story.says(story.river, ResponseState.RETURNED), story.stands(story.river, ResponseState.RETURNED))


async def taken_home(story: Story) -> None:
    await story.step(story.says(story.north, ResponseState.RETURNED), story.stands(story.north, ResponseState.RETURNED))


async def silence(story: Story) -> None:
    story.north.clock.forward(hours=49)
    await story.step(story.north.run_clocks, story.stands(story.north, ResponseState.RETURNED))


async def declined(story: Story) -> None:
    async def decline() -> None:
        ours = await story.response(story.north)
        assert ours is not None
        await responses.decline(story.north.community, ours.id, "", story.north.dispatcher)

    await story.step(decline, story.stands(story.north, ResponseState.DECLINED))


async def offer_withdrawn(story: Story) -> None:
    async def withdraw() -> None:
        theirs = await story.response(story.river)
        assert theirs is not None
        await responses.withdraw(story.river.community, theirs.id, story.river.dispatcher)

    await story.step(withdraw, story.stands(story.river, ResponseState.WITHDRAWN))


async def share_withdrawn(story: Story) -> None:
    async def withdraw() -> None:
        for share in await shares.shares_of(story.north.community, story.asked.notice.id):
            await shares.withdraw(story.north.community, share.id, story.north.dispatcher)

    await story.step(withdraw, story.stands(story.north, ResponseState.RETURNED))


Ending = Callable[[Story], Awaitable[None]]


@dataclass(frozen=True)
class Course:
    """The way to an ending; then what the origin calls the hand-off, where the need stands, what is still wanted."""

    way: Ending
    state: ResponseState
    status: Status
    left: int


ENDINGS: dict[Ending, Course] = {
    met: Course(Story.until_under_way, ResponseState.MET, Status.MET, 0),
    partly: Course(Story.until_under_way, ResponseState.PARTLY, Status.PARTLY_MET, 1),
    origin_says_met: Course(Story.until_agreed, ResponseState.MET, Status.MET, 0),
    handed_back: Course(Story.until_under_way, ResponseState.RETURNED, Status.OPEN, 4),
    taken_home: Course(Story.until_agreed, ResponseState.RETURNED, Status.OPEN, 4),
    silence: Course(Story.until_agreed, ResponseState.RETURNED, Status.OPEN, 4),
    declined: Course(Story.until_offered, ResponseState.DECLINED, Status.OPEN, 4),
    offer_withdrawn: Course(Story.until_offered, ResponseState.WITHDRAWN, Status.OPEN, 4),
    share_withdrawn: Course(Story.until_agreed, ResponseState.RETURNED, Status.OPEN, 4),
}
EVERY_ENDING = pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)


@pytest.fixture
async def story(north: Village, river: Village) -> AsyncIterator[Story]:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(roads())
        await road.lead_to(north, river)
        await befriend(river, north)
        origin, helper = [await stack.enter_async_context(mortal(one)) for one in (north, river)]
        yield Story(origin, helper, road, await north.ask())


async def ends_well(story: Story, ending: Ending) -> None:
    """It ends as it should, and both have written down the same."""
    await ending(story)
    course = ENDINGS[ending]
    ours = await story.response(story.north)
    assert ours is not None
    notice = await story.north.notice(story.asked.notice.id)
    assert (ours.state, notice.status, notice.remaining) == (course.state, course.status, Decimal(course.left))
    assert await differences(story.north, story.river) == []


def be_fragile(story: Story) -> None:
    for one in story.mortals:
        one.be_fragile()


async def test_processes_end_in_the_middle_of_every_step(story: Story) -> None:
    """Before and after each thing that either of them stores; what was said is never lost and never counts twice."""
    be_fragile(story)
    await ENDINGS[met].way(story)
    await ends_well(story, met)
    assert story.origin.ended > 5
    assert story.helper.ended > 3


@pytest.mark.parametrize("ending", tuple(ENDINGS)[1:], ids=lambda ending: ending.__name__)
async def test_processes_end_in_the_middle_of_every_last_step(story: Story, ending: Ending) -> None:
    await ENDINGS[ending].way(story)
    be_fragile(story)
    await ends_well(story, ending)
    assert story.origin.ended > 1
    assert story.helper.ended > 1


@EVERY_ENDING
async def test_one_message_of_each_kind_goes_astray(story: Story, ending: Ending) -> None:
    """Both ways, each kind in another manner in every story. What is late comes when the story is over."""
    turn = tuple(ENDINGS).index(ending)
    ways = cycle([*ASTRAY[turn % 4 :], *ASTRAY])
    planned = [
        story.road.plan(next(ways), from_=one, kind=kind) for kind in KINDS for one in (story.north, story.river)
    ]
    await ENDINGS[ending].way(story)
    await ends_well(story, ending)
    assert sum(plan.happened for plan in planned) >= 3
    await story.road.late_ones_arrive()
    await outlive_settling(*story.mortals)
    assert await differences(story.north, story.river) == []
