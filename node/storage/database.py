"""The database file or server: opening it, and one unit of work at a time.

There is one writer at a time, in this process and in all others, so that what a unit of work has read stays true until
it is stored. Inside a process writers queue on a lock. Between processes SQLite has BEGIN IMMEDIATE, and PostgreSQL an
advisory lock (`postgresql.py`). Where a key is destroyed, `erase_for_good` clears every page it once lay in, and
SQLite's write-ahead log, which still knows it, is emptied after the commit.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import Connection, QueuePool, event, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from node.storage import postgresql, sqlite
from node.storage.journal import NEW_ROW, Entry, new_row
from node.storage.news import News, Topic
from node.storage.postgresql import Others
from node.storage.tables import journal
from node.storage.turns import Turn
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import Vault

CLEARING_PATIENCE_MS = 500
#: A database that closes looks so often, after so many seconds each, whether all connections were given back.
GIVING_BACK_TURNS, GIVING_BACK_S = 500, 0.01


class Database:
    """An open database."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.is_sqlite = url.startswith("sqlite")
        opened = sqlite.open_engine if self.is_sqlite else postgresql.open_engine
        self.engine = opened(url, hide_parameters=True)  # what people wrote stays out of errors
        self.vault = vault
        self._writing_engine = self.engine.execution_options(manyhands_writes=True)
        self._idle: list[AsyncConnection] = []
        self._others = None if self.is_sqlite else Others(url)
        self._writer = asyncio.Lock()
        self._listeners: list[tuple[frozenset[Topic], asyncio.Event]] = []
        self._told: list[tuple[Topic, Callable[[str], None]]] = []
        self._owes_clearing = self.is_sqlite
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            self._journal: sqlite.OneTurnConnection | None = None
            into = sqlite_insert(journal).on_conflict_do_nothing()
            self._into_journal, self._journal_row = sqlite.plainly(into, NEW_ROW)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Everything done inside is stored together when the block ends well, and not at all when it raises.

        Nobody else decides anything meanwhile.
        """
        async with self._writer, self._writing() as work:
            if self._others is not None:
                await postgresql.await_turn(work.connection, Turn.DECIDE)
            yield work

    @asynccontextmanager
    async def queueing(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work that waits for nobody: for claiming from a queue or adding to it, not for deciding anything.

        On SQLite it has to wait all the same.
        """
        async with self._writer if self.is_sqlite else contextlib.nullcontext(), self._writing() as work:
            yield work

    async def append_to_journal(self, entries: Sequence[Entry]) -> None:
        """Store what arrived, together and for good; an entry that was stored before is left as it is (protocol 89).

        Raises what the database raises; then none of them is stored.
        """
        if not self.is_sqlite:
            async with self.queueing() as work:
                await work.journal.append(entries)
            return
        rows = [self._journal_row(new_row(entry)) for entry in entries]
        async with self._writer:
            if self._journal is None:
                self._journal = await sqlite.open_connection(self.engine.url.database or "")
            await self._journal.insert(self._into_journal, rows)
        self._wake({Topic.WORK})

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """One consistent picture, for reading only."""
        async with self.engine.connect() as connection:
            if not self.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            await connection.begin()
            yield UnitOfWork(connection, self.vault)  # closing the connection ends the transaction

    async def clear_traces(self) -> None:
        """Empty the write-ahead log where something was destroyed and a reader was in the way, or we were stopped."""
        if self._owes_clearing:
            async with self._writer, self.engine.connect() as connection:
                await self._clear(connection)

    async def _clear(self, connection: AsyncConnection) -> None:
        driver = (await connection.get_raw_connection()).driver_connection  # a checkpoint takes no transaction
        assert isinstance(driver, sqlite.OneTurnConnection)
        self._owes_clearing = not await driver.empty_log(CLEARING_PATIENCE_MS)

    def listen(self, *topics: Topic) -> asyncio.Event:
        """An event that is set whenever a commit brought news of these topics (WORK where none is named).

        Of this process at once; of others while `hearing`.
        """
        listener = asyncio.Event()
        self._listeners.append((frozenset(topics or (Topic.WORK,)), listener))
        return listener

    def on_news(self, topic: Topic, hear: Callable[[str], None]) -> None:
        """Call `hear` with what it is about, whenever another process committed news of this topic, while `hearing`.

        An empty text means: anything may have happened.
        """
        self._told.append((topic, hear))

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """While the block lasts, what other processes commit is heard of. SQLite has no way to tell."""
        if self._others is None:
            yield
            return
        task = asyncio.create_task(self._others.listen(self._heard))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @asynccontextmanager
    async def keeping_out(self, turn: Turn) -> AsyncIterator[bool]:
        """Whether this turn is ours for as long as the block lasts; False where another process has it."""
        if self._others is None:
            yield True
            return
        async with self._others.keep_out(turn) as is_ours:
            yield is_ours

    async def is_answering(self) -> bool:
        """Whether the simplest question gets an answer."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # every driver has its own ways of not reaching its server
            return False
        return True

    async def fault(self) -> str | None:
        """What is wrong with a database server's own settings, as one sentence; None where nothing is."""
        return None if self.is_sqlite else await postgresql.fault(self.engine)

    async def close(self) -> None:
        """Let go of every connection, those too that somebody who was interrupted has yet to give back."""
        for _ in range(GIVING_BACK_TURNS):
            if not await self._lends():
                break
            await asyncio.sleep(GIVING_BACK_S)
        if self._others is not None:
            await self._others.close()
        elif self._journal is not None:
            await self._journal.close()
            self._journal = None
        await self.engine.dispose()

    async def _lends(self) -> bool:
        """Whether anybody still has a connection, when those that are idle are closed."""
        while self._idle:
            await self._idle.pop().close()
        pool = self.engine.pool
        return isinstance(pool, QueuePool) and pool.checkedout() > 0

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[UnitOfWork]:
        """On a connection that is kept for the next one, unless something goes wrong with it."""
        async with AsyncExitStack() as stack:
            connection = self._idle.pop() if self._idle else await self._writing_engine.connect()
            stack.push_async_exit(connection)
            async with connection.begin():
                work = UnitOfWork(connection, self.vault)
                yield work
                news = work.news()
                if news and self._others is not None:
                    await self._others.tell(connection, news)
            if work.erases and self.is_sqlite:
                self._owes_clearing = True
                await self._clear(connection)
            stack.pop_all()
        self._idle.append(connection)
        self._wake({one.topic for one in news})

    def _wake(self, topics: set[Topic]) -> None:
        for wanted, listener in self._listeners:
            if not wanted.isdisjoint(topics):
                listener.set()

    def _heard(self, news: News) -> None:
        self._wake({news.topic})
        for topic, hear in self._told:
            if topic is news.topic:
                hear(news.about)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("manyhands_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
