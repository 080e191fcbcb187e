"""SQLite as this program opens it, and the plain driver for the one thing that is written at every post.

WAL lets readers go on while somebody writes; `synchronous=FULL` makes a commit survive a power cut;
`secure_delete=FAST` writes zeros over a deleted row; where a key is destroyed, that is not enough (`erase_for_good`).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from time import perf_counter, sleep
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager
from sqlalchemy import Insert, make_url
from sqlalchemy.dialects.sqlite.aiosqlite import dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT_MS = 10_000
#: Patience comes first: even the change to WAL waits for whoever holds the file.
PRAGMAS = (
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=FAST",
)
#: How often a new file is asked to become WAL, and how many seconds lie between: two seconds in all.
TRIES, PAUSE = 200, 0.01
#: A statement is done in the loop after so many runs in its connection's thread that took less than these seconds. So
#: many statements are remembered.
QUICK = 0.002
TIMES_QUICK = 5
STATEMENTS_KNOWN = 2000
#: After so many seconds without letting go of it the loop is for others.
LOOP_KEPT = 0.004


def open_engine(url: str, **more: Any) -> AsyncEngine:
    """An engine whose connections are ours (`prepare`); each statement takes one turn of a thread, or none."""
    file, habits = make_url(url).database or "", Habits()
    return create_async_engine(url, async_creator=lambda: OneTurnConnection(file, habits), **more)


async def open_connection(file: str) -> "OneTurnConnection":
    """A connection for somebody who keeps it for one thing, often done, and closes it in the end."""
    made = OneTurnConnection(file, Habits(times_quick=1))
    await made
    return made


class Habits:
    """How long each statement takes here. What was quick several times running is done at once, in the loop itself.

    Waking a thread and being woken by it lasts longer than most statements. The loop is never kept by more than one
    slow statement, and lets others have their turn after `LOOP_KEPT` seconds. `times_quick` runs have to show it.
    """

    def __init__(self, times_quick: int = TIMES_QUICK) -> None:
        self._times_quick = times_quick
        self._to_show: dict[str, int] = {}
        self._kept_since: float | None = None

    def is_quick(self, sql: str) -> bool:
        """Whether this statement may be done at once, now."""
        if self._to_show.get(sql, self._times_quick) > 0:
            return False
        now = perf_counter()
        if self._kept_since is None:
            self._kept_since = now
            asyncio.get_running_loop().call_soon(self._let_go)
        return now - self._kept_since < LOOP_KEPT

    def note(self, sql: str, took: float) -> None:
        """It took so many seconds."""
        if took >= QUICK:
            self._to_show[sql] = self._times_quick
            return
        if len(self._to_show) >= STATEMENTS_KNOWN and sql not in self._to_show:
            self._to_show.clear()
        self._to_show[sql] = self._to_show.get(sql, self._times_quick) - 1

    def _let_go(self) -> None:
        self._kept_since = None


class OneTurnConnection(aiosqlite.Connection):
    """Like its parent, with cursors that do all their work at once. It is open once it was awaited."""

    def __init__(self, file: str, habits: Habits) -> None:
        super().__init__(lambda: connected(file), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does with connections that it makes itself
        self._habits = habits
        self._patience_ms = BUSY_TIMEOUT_MS
        # Each is counted by one thread alone.
        self._asked = self._done = 0

    async def _connect(self) -> "OneTurnConnection":
        try:
            await super()._connect()
        except BaseException:
            # It has yet to tell the loop of its end, and the loop may be closed next.
            await asyncio.to_thread(self._thread.join)
            raise
        return self

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """A cursor that is not open yet."""
        return OneTurnCursor(self)

    async def commit(self) -> None:
        """Store for good what the transaction did."""
        await self.in_turn("COMMIT", sqlite3.Connection.commit)

    async def rollback(self) -> None:
        """Undo what the transaction did."""
        await self.in_turn("ROLLBACK", sqlite3.Connection.rollback)

    async def in_turn(self, sql: str, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do this after everything that was asked for before: at once, or in the connection's thread.

        At once nobody is waited for. Raises sqlite3.Error.
        """
        if self._asked == self._done and self._habits.is_quick(sql):
            try:
                self._do(sql, work, patience_ms=0)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
        await self._execute(self._do, sql, work, BUSY_TIMEOUT_MS)

    async def insert(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Store all rows in one transaction, for good, or none of them. Raises sqlite3.Error.

        Through the async layers each statement is a turn by itself, and a commit of few rows costs more in turns than
        in storing (ADR 0029).
        """

        def store(opened: sqlite3.Connection) -> None:
            opened.execute("BEGIN IMMEDIATE")
            try:
                opened.executemany(statement, rows)
                opened.execute("COMMIT")
            except BaseException:
                opened.execute("ROLLBACK")
                raise

        await self.in_turn(statement, store)

    async def empty_log(self, patience_ms: int) -> bool:
        """Move all of the write-ahead log into the file and overwrite it; False where a reader is longer in the way."""

        def empty() -> bool:
            self._be_patient(patience_ms)
            self._conn.execute("PRAGMA secure_delete=FAST")
            was_busy, _pages, _moved = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not was_busy

        return bool(await self._execute(empty))

    def _do(self, sql: str, work: Callable[[sqlite3.Connection], None], patience_ms: int) -> None:
        self._be_patient(patience_ms)
        start = perf_counter()
        work(self._conn)
        self._habits.note(sql, perf_counter() - start)

    def _be_patient(self, patience_ms: int) -> None:
        if patience_ms != self._patience_ms:
            self._conn.execute(f"PRAGMA busy_timeout={patience_ms}")
            self._patience_ms = patience_ms

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def counted() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._done += 1

        self._asked += 1
        execute: Any = super()._execute
        return await execute(counted)


class OneTurnCursor(aiosqlite.Cursor):
    """Opening, executing, fetching everything and closing are one turn of the connection's thread, not four."""

    description: Any = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: OneTurnConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "OneTurnCursor":
        """Run a statement and fetch what it gives. Raises sqlite3.Error."""
        await self._connection.in_turn(sql, lambda opened: self._run(opened.cursor().execute, sql, parameters or ()))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "OneTurnCursor":
        """Run a statement for each set of parameters. Raises sqlite3.Error."""
        await self._connection.in_turn(sql, lambda opened: self._run(opened.cursor().executemany, sql, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """What the statement gave."""
        return self._rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next `size` rows of it."""
        part, self._rows = self._rows[:size], self._rows[size or len(self._rows) :]
        return part

    async def close(self) -> None:
        """Nothing is open."""

    def _run(self, execute: Callable[[str, Any], sqlite3.Cursor], sql: str, parameters: Iterable[Any]) -> None:
        with closing(execute(sql, parameters)) as cursor:
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid


def connected(file: str) -> sqlite3.Connection:
    """A new connection to this file that keeps every promise made here; transactions are begun by hand."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        _insist(connection, f"PRAGMA {pragma}")
    return connection


def _insist(connection: sqlite3.Connection, statement: str) -> None:
    """While a new file becomes WAL, SQLite refuses whoever opens it at that moment, whatever `busy_timeout` says."""
    for tries_left in reversed(range(TRIES)):
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError:
            if not tries_left:
                raise
        sleep(PAUSE)  # in the connection's thread, once in a file's life


def plainly(statement: Insert, names: Sequence[str]) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]]:
    """An insert into the columns `names` as SQL text, and what makes the driver's parameters of one row by name."""
    here = dialect()
    compiled = statement.compile(dialect=here, column_keys=names)
    columns = [statement.table.c[name] for name in compiled.positiontup or ()]
    # A moment often stands in several columns, and writing it down lasts longer than all the rest.
    kinds = {type(column.type): column.type.bind_processor(here) for column in columns}
    converting = {kind: convert and lru_cache(16)(convert) for kind, convert in kinds.items()}
    steps = [(column.name, converting[type(column.type)]) for column in columns]

    def parameters(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple([row[name] if convert is None else convert(row[name]) for name, convert in steps])

    return str(compiled), parameters
