"""The clock of an agreed task at both sides: more time, silence, a node that was down, words that come too late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from node.domain.errors import Conflict, Invalid
from node.domain.notices import Status
from node.domain.responses import LEASE_OVER, Response, ResponseState
from node.domain.shares import Level
from node.services import handoffs, leases, responses
from tests.crashes import Mortal, mortal, outlive, outlive_settling
from tests.engines import ON_EVERY_ENGINE
from tests.federation.records import differences
from tests.links import Roads, roads
from tests.village import Clock, Village, befriend, settle


@dataclass
class Task:
    """Four coats that the river agreed to bring, for two days; each community has a clock of its own."""

    north: Village
    river: Village
    road: Roads
    notice_id: str
    ours: str
    theirs: str

    async def at_north(self) -> Response:
        return (await responses.get(self.north.community, self.ours)).response

    async def at_river(self) -> Response:
        return (await responses.get(self.river.community, self.theirs)).response

    async def states(self) -> tuple[str, str]:
        return (await self.at_north()).state, (await self.at_river()).state

    async def hours_pass(self, hours: float) -> None:
        """At both, and what is due happens."""
        for one in (self.north, self.river):
            one.clock.forward(hours=hours)
            await one.run_clocks()
        await settle(self.north, self.river)

    async def river_says(self, state: ResponseState, brought: int | None = None) -> None:
        amount = None if brought is None else Decimal(brought)
        await handoffs.set_status(self.river.community, self.theirs, state, amount, self.river.dispatcher)

    async def north_says(self, state: ResponseState, brought: int | None = None) -> None:
        amount = None if brought is None else Decimal(brought)
        await handoffs.set_status(self.north.community, self.ours, state, amount, self.north.dispatcher)

    async def more_time(self, hours: float) -> None:
        """Counted from the present end."""
        until = (await self.at_north()).lease_until
        assert until is not None
        longer = until + timedelta(hours=hours)
        await leases.give_more_time(self.north.community, self.ours, longer, self.north.dispatcher)


@pytest.fixture
async def task(north: Village, river: Village) -> AsyncIterator[Task]:
    async with agreed(north, river) as made:
        yield made


@asynccontextmanager
async def agreed(north: Village, river: Village) -> AsyncIterator[Task]:
    """The task runs; in the end both have written down the same."""
    async with roads() as road:
        await road.lead_to(north, river)
        await befriend(river, north)
        asked = await north.ask()
        await north.share(asked, Level.PEERS)
        await settle(north, river)
        sent = await river.offer(quantity=4)
        await settle(north, river)
        arrived = await north.response()
        await responses.agree(north.community, arrived.id, ("name",), None, north.dispatcher)
        await settle(north, river)
        made = Task(north, with_own_clock(river), road, asked.notice.id, arrived.id, sent.id)
        yield made
        assert await differences(made.north, made.river) == []


def with_own_clock(one: Village) -> Village:
    """The same village, whose clock moves by itself from now on."""
    one.clock = Clock(one.clock.time)
    one.community = replace(one.community, now=one.clock)
    one.community.remote._now = one.clock
    one.worker = type(one.worker)(one.community, lambda: 0.0)
    return one


@ON_EVERY_ENGINE
async def test_more_time_is_given_and_told(task: Task) -> None:
    """Twelve hours more: nothing comes home at the old end, everything at the new one."""
    await task.more_time(12)
    await settle(task.north, task.river)
    assert (await task.at_river()).lease_until == (await task.at_north()).lease_until
    await task.hours_pass(50)
    assert await task.states() == (ResponseState.AGREED, ResponseState.AGREED)
    assert await handoffs.released(task.river.community, task.theirs, task.river.dispatcher)
    await task.hours_pass(11)
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)


async def test_only_the_origin_gives_time_and_only_while_it_runs(task: Task) -> None:
    later = task.north.clock() + timedelta(hours=90)
    with pytest.raises(Conflict, match="Ask them"):
        await leases.give_more_time(task.river.community, task.theirs, later, task.river.dispatcher)
    for wrong in (timedelta(hours=47), timedelta(days=61)):
        with pytest.raises(Invalid):
            until = task.north.clock() + wrong
            await leases.give_more_time(task.north.community, task.ours, until, task.north.dispatcher)
    await task.hours_pass(49)
    with pytest.raises(Conflict, match="still runs"):
        await leases.give_more_time(task.north.community, task.ours, later, task.north.dispatcher)


async def test_the_helper_was_down_when_more_time_was_given(task: Task) -> None:
    """Its own clock ends the task when it is back; then it reads that it has longer, and goes on where it was."""
    await task.river_says(ResponseState.UNDER_WAY)
    await settle(task.north, task.river)
    await task.river.close_doors()
    task.north.clock.forward(hours=40)
    await task.more_time(24)
    await settle(task.north)
    task.north.clock.forward(hours=10)
    task.river.clock.forward(hours=50)
    await task.river.run_clocks()
    assert (await task.at_river()).state == ResponseState.RETURNED
    await task.river.open_doors()
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.UNDER_WAY, ResponseState.UNDER_WAY)


@pytest.mark.parametrize("down", ["north", "river"])
async def test_one_is_down_across_the_end(task: Task, down: str) -> None:
    """When it is back, the task is over at both; the need is open, and both dispatchers read that it came home."""
    north, river = mortals = [Mortal(task.north), Mortal(task.river)]
    sleeper, other = (north, river) if down == "north" else (river, north)
    await sleeper.end()
    for clock in (task.north.clock, task.river.clock):
        clock.forward(hours=60)
    await other.village.run_clocks()
    await settle(other.village)
    await sleeper.restart()
    await sleeper.village.run_clocks()
    await outlive_settling(*mortals)
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)
    assert (await task.north.notice(task.notice_id)).status == Status.OPEN
    for one, response_id in ((task.north, task.ours), (task.river, task.theirs)):
        assert [line.response.id for line in await leases.lately_home(one.community)] == [response_id]
    for one in mortals:
        await one.end()


@pytest.mark.parametrize("ahead", ["north", "river"])
async def test_one_clock_is_ahead(task: Task, ahead: str) -> None:
    """By twenty minutes: whoever comes to the end first, the end is the same, and once."""
    one, other = (task.north, task.river) if ahead == "north" else (task.river, task.north)
    one.clock.forward(minutes=20)
    for _ in range(2):
        for each in (task.north, task.river):
            each.clock.forward(hours=23, minutes=55)
            await each.run_clocks()
        await settle(task.north, task.river)
    assert ResponseState.RETURNED in await task.states()
    other.clock.forward(minutes=20)
    await other.run_clocks()
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)
    assert (await task.at_river()).answer == LEASE_OVER
    assert (await task.north.notice(task.notice_id)).remaining == Decimal(4)


async def test_word_that_it_was_brought_comes_too_late(task: Task) -> None:
    """It had come home: both say so, dispatchers look into it, and when it is so the receipt still comes."""
    task.road.close(task.north, task.river)
    await task.river_says(ResponseState.PARTLY, 3)
    await settle(task.river)
    task.north.clock.forward(hours=49)
    await task.north.run_clocks()
    task.road.mend()
    task.river.clock.forward(hours=49)
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)
    assert (await task.at_north()).brought == Decimal(3)
    assert (await task.at_river()).answer == handoffs.LATE
    assert (await task.north.notice(task.notice_id)).remaining == Decimal(4)
    await task.north_says(ResponseState.PARTLY, 3)
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.PARTLY, ResponseState.PARTLY)
    notice = await task.north.notice(task.notice_id)
    assert (notice.status, notice.remaining) == (Status.PARTLY_MET, Decimal(1))


async def test_brought_but_noted_days_later(task: Task) -> None:
    """The helper says so long after the end; nothing counts before the origin has looked."""
    await task.hours_pass(80)
    await task.river_says(ResponseState.MET)
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)
    await task.north_says(ResponseState.MET)
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.MET, ResponseState.MET)
    assert (await task.north.notice(task.notice_id)).status == Status.MET


@ON_EVERY_ENGINE
async def test_what_was_handed_back_on_purpose_is_not_claimed_again(task: Task) -> None:
    await task.river_says(ResponseState.RETURNED)
    await settle(task.north, task.river)
    with pytest.raises(Conflict):
        await task.river_says(ResponseState.MET)
    with pytest.raises(Conflict):
        await task.north_says(ResponseState.MET)


async def test_the_origin_says_that_it_is_under_way(task: Task) -> None:
    """Somebody told them by telephone: the helper's record follows."""
    await task.north_says(ResponseState.UNDER_WAY)
    await settle(task.north, task.river)
    assert await task.states() == (ResponseState.UNDER_WAY, ResponseState.UNDER_WAY)


async def test_a_share_may_end_before_its_task(task: Task) -> None:
    """Its time is over and the copy goes, but whoever is on the way may arrive."""
    await task.more_time(24 * 40)
    await task.hours_pass(24 * 31)
    assert await task.river.feed() == ()
    assert await task.states() == (ResponseState.AGREED, ResponseState.AGREED)
    await task.river_says(ResponseState.MET)
    await settle(task.north, task.river)
    assert (await task.north.notice(task.notice_id)).status == Status.MET


async def test_processes_end_while_time_is_given_and_runs_out(task: Task) -> None:
    """Before and after each thing that is stored for it, at both."""
    async with mortal(task.north) as north, mortal(task.river) as river:
        for one in (north, river):
            one.be_fragile()
        before = (await task.at_north()).lease_until

        async def is_longer() -> bool:
            return (await task.at_north()).lease_until != before

        await outlive((north, river), lambda: task.more_time(12), is_longer)
        await outlive_settling(north, river)
        assert (await task.at_river()).lease_until == (await task.at_north()).lease_until
        for one in (north, river):
            one.be_fragile()
            one.village.clock.forward(hours=61)

        async def is_home_at_north() -> bool:
            return (await task.at_north()).state == ResponseState.RETURNED

        async def is_home() -> bool:
            return await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)

        await outlive((north, river), task.north.run_clocks, is_home_at_north)
        await outlive((north, river), task.river.run_clocks, is_home)
        await outlive_settling(north, river)
        assert (await task.north.notice(task.notice_id)).remaining == Decimal(4)
