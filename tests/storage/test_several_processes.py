"""Two processes over one PostgreSQL: they take turns, share the queues, and hear of each other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.peers import OwnActor
from node.storage.audit import AuditEntry
from node.storage.database import Database
from node.storage.journal import CLAIM_TIME, Entry
from node.storage.keys import StoredKey
from node.storage.news import Topic
from node.storage.outbox import DeliveryId, OutgoingActivity
from node.storage.turns import Turn
from tests.storage.conftest import Place
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC, make_actor, make_peer

pytestmark = pytest.mark.parametrize("place", ["postgresql"], indirect=True)

INBOX = f"{RIVER}/inbox"
ENTRY = Entry("help.river.example", f"{RIVER}/a/1", "Follow", RIVER_PUBLIC, b"{}", NOW)
SOON = 5


@pytest.fixture
async def other(place: Place) -> AsyncIterator[Database]:
    """The other process."""
    found = place.opened()
    yield found
    await found.close()


def entry(number: int, actor: str = RIVER_PUBLIC) -> Entry:
    return replace(ENTRY, activity_id=f"{RIVER}/a/{number}", actor=actor)


async def fill(database: Database, *names: str) -> None:
    """Deliveries to one inbox, one for each `object/activity`."""
    async with database.unit_of_work() as work:
        for name in names:
            activity = OutgoingActivity(NORTH.activity(name), OwnActor.PUBLIC, "Create", name[0], b"{}", NOW)
            await work.outbox.add(activity, [INBOX], NOW)


# C-126
async def test_what_was_read_stays_true_until_it_is_stored(database: Database, other: Database) -> None:
    """Each reads how many lines there are and writes one more: no number comes twice."""

    async def count_on(one: Database) -> None:
        async with one.unit_of_work() as work:
            known = len(await work.audit.newest(99))
            await asyncio.sleep(0)
            await work.audit.add(AuditEntry(NOW, None, str(known), "x"))

    await asyncio.gather(*(count_on(one) for _ in range(15) for one in (database, other)))
    async with database.reading() as work:
        assert sorted(int(line.action) for line in await work.audit.newest(99)) == list(range(30))


# C-46
async def test_while_one_claims_the_other_passes_over_what_it_takes(database: Database, other: Database) -> None:
    """Neither waits for the other, and an Update does not overtake its Create."""
    await fill(database, "a1", "a2", "b1", "c1")
    async with asyncio.timeout(SOON), database.queueing() as work, other.queueing() as work_elsewhere:
        mine = await work.outbox.claim(NOW, 2)
        theirs = await work_elsewhere.outbox.claim(NOW, 9)
    assert [one.activity.id for one in mine] == [NORTH.activity("a1"), NORTH.activity("b1")]
    assert [one.activity.id for one in theirs] == [NORTH.activity("c1")]
    async with other.queueing() as work:
        assert await work.outbox.claim(NOW, 9) == ()


async def test_many_claims_at_once_give_everything_once(database: Database, other: Database) -> None:
    await fill(database, *(f"{chr(0x4E00 + number)}x" for number in range(60)))

    async def take(one: Database) -> list[DeliveryId]:
        async with one.queueing() as work:
            return [delivery.id for delivery in await work.outbox.claim(NOW, 7)]

    taken = await asyncio.gather(*(take(one) for _ in range(5) for one in (database, other)))
    assert all(len(one) <= 7 for one in taken)
    everything = [one for batch in taken for one in batch]
    assert len(everything) == len(set(everything)) == 60


async def test_of_one_actor_only_one_process_has_something_in_hand(database: Database, other: Database) -> None:
    """A Follow and the Undo of it are not handled side by side; what others sent is."""
    market = "https://market.example/actors/public"
    async with database.queueing() as work:
        await work.journal.append([entry(1), entry(2), entry(3, market), entry(4)])
    async with database.queueing() as work:
        (mine,) = await work.journal.claim(NOW, 1)
    async with other.queueing() as work:
        (theirs,) = await work.journal.claim(NOW, 9)
        assert (mine.entry, theirs.entry) == (entry(1), entry(3, market))
        assert await work.journal.claim(NOW, 9) == ()
        assert await work.journal.unhandled([mine, theirs]) == {mine.id, theirs.id}
    async with database.unit_of_work() as work:
        await work.journal.handled([mine.id])
        assert await work.journal.unhandled([mine, theirs]) == {theirs.id}
    async with other.queueing() as work:
        assert [one.entry for one in await work.journal.claim(NOW, 9)] == [entry(2), entry(4)]


async def test_what_a_killed_process_had_in_hand_is_taken_up_in_order(database: Database, other: Database) -> None:
    async with database.queueing() as work:
        await work.journal.append([entry(1), entry(2)])
        assert len(await work.journal.claim(NOW, 1)) == 1
    for later, found in ((CLAIM_TIME - timedelta(seconds=1), []), (CLAIM_TIME, [entry(1), entry(2)])):
        async with other.queueing() as work:
            assert [one.entry for one in await work.journal.claim(NOW + later, 9)] == found


async def test_what_failed_waits_and_is_in_nobodys_hands(database: Database) -> None:
    async with database.queueing() as work:
        await work.journal.append([entry(1), entry(2)])
        first, _ = await work.journal.claim(NOW, 9)
        await work.journal.failed(first, "no answer", NOW + timedelta(seconds=30))
        (again,) = await work.journal.claim(NOW + timedelta(minutes=5), 1)
        assert (again.id, again.attempts) == (first.id, 1)


# C-89
async def test_the_same_activities_at_two_doors_are_taken_once(
    database: Database, other: Database, place: Place
) -> None:
    """Even when each door has them in another order: the two never wait for each other."""

    async def append_backwards() -> None:
        async with other.queueing() as work:
            for number in (2, 1):
                await work.journal.append([entry(number)])

    async with asyncio.timeout(SOON), asyncio.TaskGroup() as group, database.queueing() as work:
        await work.journal.append([entry(1)])
        group.create_task(append_backwards())
        while place.ask("SELECT count(*) FROM pg_locks WHERE NOT granted") == ["0"]:
            await asyncio.sleep(0.01)
        await work.journal.append([entry(2)])
    async with database.reading() as work:
        assert [one.entry for one in await work.journal.waiting(NOW, 9)] == [entry(1), entry(2)]


# C-71, T-25
async def test_a_signature_is_used_up_for_both(database: Database, other: Database) -> None:
    async with database.queueing() as work:
        assert await work.replays.use_up("s", NOW)
    async with other.queueing() as work:
        assert not await work.replays.use_up("s", NOW)


async def test_a_turn_is_one_processs_until_it_is_done(database: Database, other: Database) -> None:
    async with database.keeping_out(Turn.CLOCKS) as is_ours:
        assert is_ours
        async with other.keeping_out(Turn.CLOCKS) as is_theirs, other.keeping_out(Turn.CATCH_UP) as is_another:
            assert (is_theirs, is_another) == (False, True)
    async with other.keeping_out(Turn.CLOCKS) as is_theirs:
        assert is_theirs


async def test_a_commit_wakes_the_other_process(database: Database, other: Database) -> None:
    """With work, with a changed peer, with new keys; what was rolled back is not told."""
    async with other.hearing():
        work_waits, peers_change, keys_change = (other.listen(one) for one in (Topic.WORK, Topic.PEERS, Topic.KEYS))
        await heard(work_waits, peers_change, keys_change)  # it has just begun to listen, so anything may be new
        with pytest.raises(RuntimeError):
            async with database.unit_of_work() as work:
                await work.peers.add(make_peer())
                raise RuntimeError
        await fill(database, "a1")
        await heard(work_waits)
        assert not peers_change.is_set()
        async with database.unit_of_work() as work:
            await work.peers.add(make_peer())
        await heard(peers_change)
        async with database.unit_of_work() as work:
            await work.keys.add(StoredKey("k", OwnActor.PUBLIC, "rsa", b"", NOW))
        await heard(keys_change)
        assert not work_waits.is_set()


async def test_which_actor_is_not_as_before_is_told_to_the_others_alone(database: Database, other: Database) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    database.on_news(Topic.ACTORS, lambda about: told.put_nowait(f"to itself: {about}"))
    other.on_news(Topic.ACTORS, told.put_nowait)
    async with asyncio.timeout(SOON), other.hearing():
        assert await told.get() == ""
        for actor in (make_actor(), make_actor(id=f"https://long.example/{'é' * 4000}")):
            async with database.unit_of_work() as work:
                await work.peers.put_actor(actor)
        assert [await told.get(), await told.get()] == [RIVER_PUBLIC, ""]
        assert told.empty()


async def test_a_broken_line_is_made_anew_and_nothing_is_missed(
    database: Database, other: Database, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.storage.postgresql.LISTEN_AGAIN_S", 0.01)
    something = other.listen()
    async with other.hearing():
        await heard(something)
        place.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        await heard(something)
        await fill(database, "a1")
        await heard(something)


async def test_a_server_that_is_set_up_well_has_no_fault(database: Database, other: Database) -> None:
    assert await database.fault() is None


async def heard(*events: asyncio.Event) -> None:
    async with asyncio.timeout(SOON):
        for event in events:
            await event.wait()
            event.clear()
