"""What arrived is kept once, in order, and a door hears back only when it is stored for good."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node.storage import sqlite
from node.storage.database import Database
from node.storage.journal import Entry
from node.storage.journal_writer import BATCH, TOGETHER, JournalWriter
from node.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import opened
from tests.unit.node.make import NOW, RIVER, RIVER_PUBLIC

ENTRY = Entry("help.river.example", f"{RIVER}/a/1", "Follow", RIVER_PUBLIC, b'{"exact": "bytes"}', NOW)


def entry(number: int) -> Entry:
    return replace(ENTRY, activity_id=f"{RIVER}/a/{number}")


async def ids(work: UnitOfWork, later: timedelta = timedelta(0)) -> list[str]:
    return [one.entry.activity_id.rpartition("/")[2] for one in await work.journal.waiting(NOW + later, 999)]


async def test_an_entry_comes_back_as_it_was(work: UnitOfWork) -> None:
    await work.journal.append([ENTRY])
    (waiting,) = await work.journal.waiting(NOW, 9)
    assert (waiting.entry, waiting.attempts) == (ENTRY, 0)
    assert work.left_work


# C-89
async def test_the_same_activity_of_one_origin_is_taken_once(database: Database) -> None:
    """In one batch, in two, and after it was handled; another origin's activity of that id is another one."""
    other = replace(ENTRY, origin="market.example")
    async with database.unit_of_work() as work:
        await work.journal.append([ENTRY, ENTRY, other])
    async with database.unit_of_work() as work:
        await work.journal.append([replace(ENTRY, body=b"{}")])
        first, second = await work.journal.waiting(NOW, 9)
        assert (first.entry, second.entry) == (ENTRY, other)
        await work.journal.handled([first.id])
        await work.journal.append([ENTRY])
        assert [one.entry.origin for one in await work.journal.waiting(NOW, 9)] == ["market.example"]


async def test_entries_are_handled_in_the_order_they_came(work: UnitOfWork) -> None:
    await work.journal.append([entry(number) for number in (3, 1, 2)])
    assert await ids(work) == ["3", "1", "2"]
    assert len(await work.journal.waiting(NOW, 2)) == 2


async def test_a_failed_one_waits_and_a_given_up_one_does_not(work: UnitOfWork) -> None:
    await work.journal.append([entry(1), entry(2)])
    first, second = await work.journal.waiting(NOW, 9)
    await work.journal.failed(first, "x" * 999, NOW + timedelta(minutes=1))
    await work.journal.failed(second, "could not be read", None)
    assert await ids(work) == []
    (again,) = await work.journal.waiting(NOW + timedelta(minutes=1), 9)
    assert (again.entry, again.attempts) == (entry(1), 1)


# C-139
async def test_what_was_handled_keeps_no_body_but_is_remembered_for_its_time(work: UnitOfWork) -> None:
    await work.journal.append([entry(1), entry(2)])
    first, _ = await work.journal.waiting(NOW, 9)
    await work.journal.handled([first.id])
    bodies = (await work.connection.exec_driver_sql("SELECT body FROM journal ORDER BY id")).scalars().all()
    assert bodies == [b"", ENTRY.body]
    await work.journal.forget_before(NOW)
    await work.journal.append([entry(1)])
    assert await ids(work) == ["2"]
    await work.journal.forget_before(NOW + timedelta(seconds=1))
    await work.journal.append([entry(1)])
    assert await ids(work) == ["2", "1"]


@asynccontextmanager
async def writing(writer: JournalWriter) -> AsyncIterator[None]:
    task = asyncio.create_task(writer.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# C-62
async def test_a_door_hears_back_only_when_it_is_stored(database: Database) -> None:
    writer = JournalWriter(database.append_to_journal)
    doors = [asyncio.ensure_future(writer.append(entry(number))) for number in range(20)]
    await asyncio.sleep(0)
    assert not any(door.done() for door in doors)
    async with writing(writer):
        await asyncio.gather(*doors)
        async with database.reading() as work:
            assert len(await ids(work)) == 20


async def test_many_posts_share_few_commits(database: Database) -> None:
    commits = 0

    async def counted(entries: Sequence[Entry]) -> None:
        nonlocal commits
        commits += 1
        await database.append_to_journal(entries)

    writer = JournalWriter(counted)
    doors = [asyncio.ensure_future(writer.append(entry(number))) for number in range(BATCH + 1)]
    await asyncio.sleep(0)
    async with writing(writer):
        await asyncio.gather(*doors)
    assert commits == 2
    async with database.reading() as work:
        assert len(await ids(work)) == BATCH + 1


async def test_a_commit_waits_while_more_come_in_and_a_post_that_comes_alone_waits_for_none() -> None:
    commits: list[int] = []
    turns = 0

    async def counted(entries: Sequence[Entry]) -> None:
        commits.append(len(entries))

    async def come_in(how_many: int) -> None:
        """Two in each turn of the loop."""
        doors = []
        for number in range(how_many):
            doors.append(asyncio.ensure_future(writer.append(entry(number))))
            if number % 2:
                await asyncio.sleep(0)
        await asyncio.gather(*doors)

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    writer = JournalWriter(counted)
    async with writing(writer):
        turning = asyncio.create_task(turn())
        await asyncio.sleep(0)
        before = turns
        await writer.append(entry(0))
        alone = turns - before
        await come_in(20)
        await come_in(TOGETHER * 3)
        turning.cancel()
    first, together, *many = commits
    assert (first, together) == (1, 20)
    assert alone == 2, "one turn for the writer, one for the door"
    assert len(many) == 3 and max(many) <= TOGETHER + 2, "and not for ever"


async def test_every_door_of_a_batch_that_failed_is_told_and_the_next_batch_goes_well(database: Database) -> None:
    is_full = True

    async def sometimes(entries: Sequence[Entry]) -> None:
        if is_full:
            raise OSError("the disk is full")
        await database.append_to_journal(entries)

    writer = JournalWriter(sometimes)
    async with writing(writer):
        told = await asyncio.gather(*(writer.append(entry(number)) for number in range(3)), return_exceptions=True)
        assert [type(one) for one in told] == [OSError] * 3
        async with database.reading() as work:
            assert await ids(work) == []
        is_full = False
        await writer.append(entry(9))
        async with database.reading() as work:
            assert await ids(work) == ["9"]


async def test_somebody_who_hangs_up_holds_nobody_back(database: Database) -> None:
    writer = JournalWriter(database.append_to_journal)
    gone, stays = (asyncio.ensure_future(writer.append(entry(number))) for number in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    async with writing(writer):
        await stays
    async with database.reading() as work:
        assert await ids(work) == ["0", "1"]


async def test_a_few_posts_wait_for_no_other_thread_unless_somebody_else_writes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quick disk stores it there and then; another writer is waited for beside the loop, which goes on."""
    monkeypatch.setattr(sqlite, "QUICK", float("inf"))
    async with aclosing_database(file) as database:
        for _ in range(sqlite.TIMES_QUICK):
            await database.append_to_journal([entry(1)])
        assert await is_done_at_once(database, entry(2), entry(3))
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(database.append_to_journal([entry(4)]))
            await asyncio.sleep(0.01)
            assert not waiting.done()
            other.execute("COMMIT")
        await waiting
        async with database.reading() as work:
            assert await ids(work) == ["1", "2", "3", "4"]


async def test_after_a_slow_commit_the_next_one_does_not_hold_up_the_loop(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "QUICK", 0.0)
    async with aclosing_database(file) as database:
        for _ in range(sqlite.TIMES_QUICK):
            await database.append_to_journal([entry(1)])
        assert not await is_done_at_once(database, entry(2))


async def is_done_at_once(database: Database, *entries: Entry) -> bool:
    """Whether these are stored within one turn of the loop. They are stored in the end."""
    storing = asyncio.create_task(database.append_to_journal(entries))
    await asyncio.sleep(0)
    done = storing.done()
    await storing
    return done


@asynccontextmanager
async def aclosing_database(file: Path) -> AsyncIterator[Database]:
    database = opened(file)
    yield database
    await database.close()
