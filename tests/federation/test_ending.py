"""A community ends: what servers of every kind are told, in which order, and whom it does not wait for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.shares import Level
from node.services import answering, closing, enquiries
from node.services.closing import Neighbour, Told
from node.storage.closing import ending_of
from schemas.activities import Follow
from tests.federation.outsider import Outsider
from tests.village import Clock, Village, befriend, found, opened, settle, until


@asynccontextmanager
async def at_work(*villages: Village) -> AsyncIterator[None]:
    """Each works by itself, as a running server does."""
    tasks = [asyncio.create_task(one.worker.run()) for one in villages]
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def end(one: Village, *others: Village, minutes: int = 1) -> dict[str, Neighbour]:
    """How it went, by the neighbour's name."""
    async with at_work(one, *others), asyncio.timeout(60):
        ending = await closing.begin(one.community)
        told = await closing.take_leave(one.community, ending, timedelta(minutes=minutes))
    return {neighbour.name: neighbour for neighbour in told}


async def follow(north: Village, reader: Outsider) -> str:
    actor = reader.actor("reader")
    asked = Follow(id=f"{actor}/follow", actor=actor, object=f"{north.url}/actors/public")
    assert await reader.say(north, asked) == 202
    await settle(north)
    return actor


def said(reader: Outsider) -> list[tuple[str, str]]:
    """What was heard: each activity's type, and what it is about."""
    about = [activity["object"] for activity in reader.received]
    ids = [one["id"] if isinstance(one, dict) else one for one in about]
    return [(activity["type"], one) for activity, one in zip(reader.received, ids, strict=True)]


async def until_heard(reader: Outsider, many: int) -> None:
    async def check() -> bool:
        return len(reader.received) >= many

    await until(check)


async def test_a_server_of_another_kind_is_told_that_the_actor_is_gone(north: Village, elsewhere: Outsider) -> None:
    actor = await follow(north, elsewhere)
    share = await north.share(await north.ask())
    await settle(north)
    elsewhere.received.clear()
    elsewhere.awake.clear()  # it takes its time over the first word
    ending = asyncio.create_task(end(north))
    await until_heard(elsewhere, 1)
    await asyncio.sleep(closing.LOOK_AGAIN_S * 2)
    assert said(elsewhere) == [("Delete", share.object_id)]
    elsewhere.awake.set()
    (host,) = (told := await ending)
    assert (told[host].told, told[host].answers) == (Told.TOLD, False)
    assert set(said(elsewhere)[1:]) == {("Reject", f"{actor}/follow"), ("Delete", f"{north.url}/actors/public")}


async def test_what_was_written_to_strangers_is_taken_back(north: Village, elsewhere: Outsider) -> None:
    robin = elsewhere.actor("robin")
    note = elsewhere.note(robin, to=[f"{north.url}/actors/public"])
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": robin, "to": note["to"], "object": note}
    assert await elsewhere.say(north, create) == 202
    await settle(north)
    (line,) = await enquiries.listing(north.community, north.dispatcher)
    made = await answering.answer(north.community, line.enquiry.id, "Yes, please.", north.dispatcher)
    await settle(north)
    await end(north)
    assert ("Delete", made.object_id) in said(elsewhere)


async def test_what_is_for_neighbours_ends_there_and_they_say_so(north: Village, river: Village) -> None:
    await befriend(river, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river)
    assert len(await river.feed()) == 1
    told = await end(north, river)
    assert [one.told for one in told.values()] == [Told.ERASED]
    assert await river.feed() == ()
    standing = await river.peer(north)
    assert (standing.incoming, standing.outgoing) == (None, None)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_neighbour_that_is_down_holds_up_nobody_else(
    times: int, north: Village, river: Village, market: Village
) -> None:
    for other in (river, market):
        await befriend(other, north)
    await north.share(await north.ask(), Level.PEERS)
    await settle(north, river, market)
    await market.close_doors()
    for _ in range(times):  # a second try says the same, and takes up where the first one was
        since = ending_of(north.community.settings.data_dir)
        told = await end(north, river, minutes=0)
        assert {name.partition(" (")[0]: one.told for name, one in told.items()} == {
            "Market Hall Kitchen": Told.UNREACHABLE,
            "River Street Circle": Told.ERASED,
        }
        assert since in {None, ending_of(north.community.settings.data_dir)}
    assert await river.feed() == ()
    assert len(await market.feed()) == 1


async def test_with_federation_off_deletes_go_all_the_same(tmp_path: Path, clock: Clock, river: Village) -> None:
    settings = await found("North Side Neighbours", tmp_path / "north", None)
    async with opened(settings, clock) as north:
        await befriend(river, north)
        await north.share(await north.ask(), Level.PEERS)
        await settle(north, river)
    async with opened(settings.model_copy(update={"federation": "off"}), clock) as north:
        told = await end(north, river, minutes=0)
    assert [one.told for one in told.values()] == [Told.TOLD]  # no receipt is taken in
    assert await river.feed() == ()
