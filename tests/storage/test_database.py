"""One unit of work: all of it or nothing, one writer, readers who are not disturbed."""

import asyncio
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import QueuePool, delete, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from node.storage import sqlite
from node.storage.audit import AuditEntry
from node.storage.community import Profile
from node.storage.database import Database
from node.storage.tables import audit
from node.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import Place, opened
from tests.unit.node.make import NOW, make_notice


async def lines(database: Database) -> list[str]:
    async with database.reading() as work:
        return [line.action for line in await work.audit.newest(99)]


async def note(work: UnitOfWork, action: str) -> None:
    await work.audit.add(AuditEntry(NOW, None, action, "x"))


async def test_all_of_it_or_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.unit_of_work() as work:
            await note(work, "first")
            raise RuntimeError
    assert await lines(database) == []
    async with database.unit_of_work() as work:
        await note(work, "second")
    assert await lines(database) == ["second"]


async def test_whoever_writes_after_a_failure_starts_afresh(database: Database) -> None:
    """The connection that writes is kept from one to the next, but not once something went wrong with it."""
    for _ in range(2):
        with pytest.raises(DBAPIError):
            async with database.unit_of_work() as work:
                await note(work, "half")
                await work.connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")
        async with database.unit_of_work() as work:
            await note(work, "whole")
    assert await lines(database) == ["whole", "whole"]


async def test_the_profile_is_asked_for_once_and_anew_when_it_was_changed(file: Path) -> None:
    database, asked = opened(file), list[str]()
    shown = Profile("North", "north", ("en",), "555-0101", (), NOW)
    try:
        async with database.unit_of_work() as work:
            await work.community.put(shown)
            assert await work.community.get() == shown
            event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *all_: asked.append(all_[2]))
            assert await work.community.get() == shown
            assert asked == []
            await work.community.put(replace(shown, name="Hill"))
            assert await work.community.get() == replace(shown, name="Hill")
    finally:
        await database.close()


async def test_rows_that_a_change_gives_back_are_counted(database: Database) -> None:
    async with database.unit_of_work() as work:
        for action in ("one", "two", "three"):
            await note(work, action)
        gone = await work.connection.execute(delete(audit).returning(audit.c.action))
        assert (sorted(gone.scalars()), gone.rowcount) == (["one", "three", "two"], 3)


async def test_a_savepoint_takes_back_only_what_was_done_in_it(database: Database) -> None:
    async with database.unit_of_work() as work:
        await note(work, "before")
        with pytest.raises(RuntimeError):
            async with work.savepoint():
                await note(work, "inside")
                raise RuntimeError
        async with work.savepoint():
            await note(work, "after")
    assert await lines(database) == ["after", "before"]


async def test_reading_stores_nothing_and_keeps_one_picture(database: Database) -> None:
    async with database.reading() as reader:
        assert await reader.audit.newest(9) == ()
        async with database.unit_of_work() as work:
            await note(work, "meanwhile")
        assert await reader.audit.newest(9) == ()
    assert await lines(database) == ["meanwhile"]


async def test_writers_queue_up(database: Database, place: Place) -> None:
    """Forty at once, of two processes' worth of databases, and none is turned away."""
    other = place.opened()

    async def write(one: Database, number: int) -> None:
        async with one.unit_of_work() as work:
            await note(work, str(number))

    await asyncio.gather(*(write(other if number % 2 else database, number) for number in range(40)))
    await other.close()
    assert sorted(map(int, await lines(database))) == list(range(40))


async def test_the_worker_is_woken_by_a_commit_that_left_it_work_and_by_no_other(database: Database) -> None:
    something = database.listen()
    async with database.unit_of_work() as work:
        await note(work, "nothing for it")
    assert not something.is_set()
    with pytest.raises(RuntimeError):
        async with database.unit_of_work() as work:
            work.journal.added = True
            raise RuntimeError
    assert not something.is_set()
    async with database.unit_of_work() as work:
        work.outbox.added = True
        assert not something.is_set()
    assert something.is_set()


async def test_what_belongs_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as work:
            await work.sessions.add_token("hash", "nobody", "", NOW)


async def test_a_commit_survives_a_power_cut(file: Path) -> None:
    """What the promise of 202 rests on. PostgreSQL is born so."""
    database = opened(file)
    async with database.reading() as work:
        for name, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert (await work.connection.exec_driver_sql(f"PRAGMA {name}")).scalar() == wanted
    await database.close()


async def test_a_new_file_that_another_process_is_writing_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not wait where it makes a file WAL; we do, until the other one is done."""
    with closing(connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        monkeypatch.setattr(sqlite, "PRAGMAS", ("busy_timeout=0", *sqlite.PRAGMAS[1:]))
        monkeypatch.setattr(sqlite, "sleep", lambda _seconds: other.in_transaction and other.execute("COMMIT"))
        database = opened(tmp_path / "new.db")
        assert await database.is_answering()
        await database.close()


async def test_what_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """One that has yet to tell of its end would print a traceback where the program ends."""
    (tmp_path / "damaged.db").write_bytes(b"This is no database. " * 100)
    before = set(threading.enumerate())
    database = opened(tmp_path / "damaged.db")
    for _ in range(5):
        assert not await database.is_answering()
        assert not [one for one in set(threading.enumerate()) - before if "_connection_worker" in one.name]
    await database.close()


async def test_whether_it_answers(database: Database, place: Place, tmp_path: Path) -> None:
    assert await database.is_answering()
    for url in (f"sqlite+aiosqlite:///{tmp_path}/no/such/folder.db", "postgresql+asyncpg:///a?host=/no/such/folder"):
        nowhere = replace(place, url=url).opened()
        assert not await nowhere.is_answering()
        await nowhere.close()


async def test_whoever_is_interrupted_gives_the_connection_back_before_it_closes(place: Place) -> None:
    database = place.opened()
    reads = asyncio.Event()

    async def read() -> None:
        async with database.reading():
            reads.set()
            await asyncio.Event().wait()

    reader, pool = asyncio.create_task(read()), database.engine.pool
    await reads.wait()
    reader.cancel()
    await database.close()
    assert isinstance(pool, QueuePool) and pool.checkedout() == 0


async def test_a_second_opening_finds_what_was_stored(database: Database, place: Place) -> None:
    async with database.unit_of_work() as work:
        await work.notices.add(make_notice(), "hash", None)
    await database.close()
    again = place.opened()
    async with again.reading() as work:
        assert await work.notices.get("notice1") == make_notice()
    await again.close()
