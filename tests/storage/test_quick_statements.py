"""On SQLite what has been quick is done in the loop itself; nobody else has to wait for that."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from sqlite3 import Connection, connect
from threading import current_thread, main_thread

import pytest
from sqlalchemy import text

from node.storage.database import Database
from node.storage.sqlite import LOOP_KEPT, QUICK, STATEMENTS_KNOWN, TIMES_QUICK, Habits, OneTurnConnection
from tests.storage.conftest import opened

SMALL = "SELECT name FROM areas"
Work = Callable[[Connection], None]


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    found = opened(file)
    yield found
    await found.close()


@asynccontextmanager
async def others_having_turns() -> AsyncIterator[list[None]]:
    """A task beside us; one entry for each turn of the loop it had."""
    turns = list[None]()

    async def have_turns() -> None:
        while True:
            await asyncio.sleep(0)
            turns.append(None)

    task = asyncio.create_task(have_turns())
    await asyncio.sleep(0)
    try:
        yield turns
    finally:
        task.cancel()


async def become_quick(database: Database) -> None:
    for _ in range(3 * TIMES_QUICK):
        async with database.unit_of_work() as work:
            await work.connection.execute(text(SMALL))


async def test_a_statement_has_to_show_that_it_is_quick() -> None:
    habits = Habits()
    for _ in range(TIMES_QUICK):
        assert not habits.is_quick(SMALL)
        habits.note(SMALL, 0)
    assert habits.is_quick(SMALL)
    habits.note(SMALL, QUICK)
    assert not habits.is_quick(SMALL)
    assert not habits.is_quick("another")


async def test_the_loop_is_not_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However quick each is: after a while the others have their turn, and then it may go on."""
    habits, moment = Habits(), 100.0
    monkeypatch.setattr("node.storage.sqlite.perf_counter", lambda: moment)
    for _ in range(TIMES_QUICK):
        habits.note(SMALL, 0)
    assert habits.is_quick(SMALL)
    moment += LOOP_KEPT
    assert not habits.is_quick(SMALL)
    await asyncio.sleep(0)
    assert habits.is_quick(SMALL)


async def test_statements_of_ever_new_words_are_not_all_remembered() -> None:
    habits = Habits()
    for number in range(STATEMENTS_KNOWN):
        for _ in range(TIMES_QUICK):
            habits.note(f"SELECT {number}", 0)
    assert habits.is_quick("SELECT 0")
    habits.note(SMALL, 0)
    assert not habits.is_quick("SELECT 0")


async def test_a_long_row_of_quick_statements_lets_others_have_their_turn(database: Database) -> None:
    await become_quick(database)
    async with others_having_turns() as turns, database.reading() as work:
        await work.connection.execute(text(SMALL))
        before = len(turns)
        for _ in range(2000):
            await work.connection.execute(text(SMALL))
        assert len(turns) > before


async def test_who_writes_elsewhere_is_waited_for_without_keeping_the_loop(
    database: Database, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command holds the file for a moment. Everybody else goes on meanwhile, and then the deed is done."""
    await become_quick(database)
    patience_here, do = set[int](), OneTurnConnection._do

    def noting(self: OneTurnConnection, sql: str, work: Work, patience_ms: int) -> None:
        if current_thread() is main_thread():
            patience_here.add(patience_ms)
        do(self, sql, work, patience_ms)

    monkeypatch.setattr(OneTurnConnection, "_do", noting)
    with closing(connect(file, isolation_level=None)) as elsewhere:
        elsewhere.execute("BEGIN IMMEDIATE")
        async with others_having_turns() as turns:
            deed = asyncio.create_task(become_quick(database))
            while len(turns) < 1000:
                await asyncio.sleep(0)
            assert not deed.done()
            elsewhere.execute("ROLLBACK")
            await deed
    assert patience_here == {0}


async def test_what_was_begun_in_the_thread_is_over_before_anything_is_done_at_once(database: Database) -> None:
    """Somebody is interrupted while their statement runs; the next one on that connection waits for its end."""
    await become_quick(database)
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"
    order = list[str]()
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, OneTurnConnection)

        async def interrupted() -> None:
            await driver.in_turn(slow, lambda here: order.append(f"slow {here.execute(slow).fetchone()[0]}"))

        task = asyncio.create_task(interrupted())
        await asyncio.sleep(0)
        task.cancel()
        await driver.in_turn(SMALL, lambda _here: order.append("quick"))
    assert order == ["slow 300000", "quick"]


async def test_a_statement_that_fails_at_once_raises_what_it_always_does(database: Database) -> None:
    await become_quick(database)
    async with database.reading() as work:
        for _ in range(2 * TIMES_QUICK):
            with pytest.raises(Exception, match="no such table"):
                await work.connection.execute(text("SELECT * FROM nowhere"))
        assert (await work.connection.execute(text(SMALL))).all() == []
