"""More time for a task: asked for over the wire, seen by its origin, given or left as it is."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from node.domain.errors import Conflict, Invalid
from node.domain.responses import MoreTime, ResponseState
from node.services import more_time, responses
from node.translate import agreements
from node.translate.agreements import Tasked
from tests.crashes import mortal, outlive, outlive_settling
from tests.federation.test_leases import Task, agreed
from tests.links import Fault
from tests.village import Village, befriend, settle


@pytest.fixture
async def task(north: Village, river: Village) -> AsyncIterator[Task]:
    async with agreed(north, river) as made:
        yield made


async def test_more_time_is_asked_for_and_given(task: Task) -> None:
    """Said twice it is sent once; the origin reads it in its queue, and the answer ends the question at both."""
    wished = await ask(task, 24, "The van is back on Wednesday.")
    await ask(task, 24, "The van is back on Wednesday.")
    await settle(task.north, task.river)
    (line,) = await more_time.waiting(task.north.community)
    assert line.response.id == task.ours
    here, there = (await task.at_north()).more_time, (await task.at_river()).more_time
    assert here == there == MoreTime(wished, "The van is back on Wednesday.", task.river.clock().replace(microsecond=0))
    await task.more_time(6)  # less than they asked for is an answer, too
    await settle(task.north, task.river)
    assert await more_time.waiting(task.north.community) == ()
    assert (await task.at_north()).more_time is (await task.at_river()).more_time is None
    await ask(task, 24)
    await settle(task.north, task.river)
    await task.hours_pass(53)
    assert await task.states() == (ResponseState.AGREED, ResponseState.AGREED)
    assert len(await more_time.waiting(task.north.community)) == 1
    await task.hours_pass(2)  # nobody answered: it comes home as agreed, and the question goes with it
    assert await task.states() == (ResponseState.RETURNED, ResponseState.RETURNED)
    assert await more_time.waiting(task.north.community) == ()
    assert (await task.at_north()).more_time is (await task.at_river()).more_time is None


async def test_time_given_before_the_question_was_read_leaves_it_standing(task: Task) -> None:
    """Both write at once; the origin gives less than is asked, so what is asked still waits, at both."""
    await task.more_time(2)
    task.river.clock.forward(minutes=1)
    wished = await ask(task, 24)
    await settle(task.north, task.river)
    here, there = (await task.at_north()).more_time, (await task.at_river()).more_time
    assert here == there
    assert here is not None
    assert here.until == wished
    assert (await task.at_river()).lease_until == (await task.at_north()).lease_until


async def test_who_may_ask_for_more_time_and_for_how_much(task: Task) -> None:
    """The helper alone, while it runs, within the bounds of a lease, and without anybody's number."""
    until = (await task.at_river()).lease_until
    assert until is not None
    with pytest.raises(Conflict, match="yourselves"):
        later = until + timedelta(hours=1)
        await more_time.ask(task.north.community, task.ours, later, "", task.north.dispatcher)
    for hours, words in ((0, ""), (24 * 59, ""), (2, "x" * 301), (2, "Call me: 555 010 1234")):
        with pytest.raises(Invalid):
            await ask(task, hours, words)
    assert (await task.at_river()).more_time is None
    await task.hours_pass(49)
    with pytest.raises(Conflict, match="still runs"):
        await ask(task, 24)


async def test_only_its_own_helper_is_heard(task: Task, market: Village) -> None:
    """Another linked community asks about the same agreement: it is no question about it, and nothing changes."""
    await befriend(market, task.north)
    agreement = (await task.at_river()).agreement_id
    wish = MoreTime(task.north.clock() + timedelta(days=5), "Let us have it.", task.north.clock())
    async with market.community.database.unit_of_work() as work:
        not_theirs = replace(await task.at_river(), agreement_id=agreement)
        tasked = Tasked(not_theirs, market.community.addresses)
        asked = agreements.asking(market.community.new_id(), tasked, wish)
        await responses.tell(market.community, work, not_theirs, asked)
    await settle(task.north, task.river, market)
    assert (await task.at_north()).more_time is None
    assert await more_time.waiting(task.north.community) == ()


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.LATE])
async def test_on_a_bad_road_and_with_processes_that_end(task: Task, fault: Fault) -> None:
    """Asked once and given once at both, whatever came late."""
    for one, kind in ((task.river, "Create"), (task.north, "Update")):
        task.road.plan(fault, from_=one, kind=kind)
    async with mortal(task.north) as north, mortal(task.river) as river:
        for each in (north, river):
            each.be_fragile()
        wished = (await task.at_river()).lease_until
        assert wished is not None
        wished += timedelta(hours=24)

        async def has_asked() -> bool:
            return (await task.at_river()).more_time is not None

        async def has_given() -> bool:
            return (await task.at_north()).lease_until == wished

        await outlive((north, river), lambda: ask(task, 24), has_asked)
        await outlive_settling(north, river)
        for each in (north, river):
            each.be_fragile()
        await outlive((north, river), lambda: task.more_time(24), has_given)
        await outlive_settling(north, river)
        await task.road.late_ones_arrive()
        await outlive_settling(north, river)
        assert (await task.at_north()).more_time is (await task.at_river()).more_time is None
        assert (await task.at_river()).lease_until == wished


async def ask(task: Task, hours: float, words: str = "") -> datetime:
    """The river asks for so many hours beyond the present end; until when that is."""
    until = (await task.at_river()).lease_until
    assert until is not None
    wished = until + timedelta(hours=hours)
    await more_time.ask(task.river.community, task.theirs, wished, words, task.river.dispatcher)
    return wished
