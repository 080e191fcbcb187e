"""The database file or server: opening it, and one unit of work at a time.

On SQLite there is one writer: writes queue on a lock inside this process and begin with BEGIN IMMEDIATE, so that two
processes never meet half-way.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy import Connection, event, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from node.storage import sqlite
from node.storage.journal import NEW_ROW, Entry, new_row
from node.storage.tables import journal
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import Vault


class Database:
    """An open database."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.engine = create_async_engine(url)
        self.vault = vault
        self._listeners: list[asyncio.Event] = []
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            self._journal = sqlite.HeldConnection(self.engine.url.database or "")
            into = sqlite_insert(journal).on_conflict_do_nothing()
            self._into_journal, self._journal_row = sqlite.plainly(into, NEW_ROW)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Everything done inside is stored together when the block ends well, and not at all when it raises."""
        async with self._one_writer(), self.engine.connect() as connection:
            await connection.execution_options(manyhands_writes=True)
            async with connection.begin():
                work = UnitOfWork(connection, self.vault)
                yield work
        if work.left_work:
            self._tell()

    async def append_to_journal(self, entries: Sequence[Entry]) -> None:
        """Store what arrived, together and for good; an entry that was stored before is left as it is (protocol 89).

        Raises what the database raises; then none of them is stored.
        """
        if not self.is_sqlite:
            async with self.unit_of_work() as work:
                await work.journal.append(entries)
            return
        rows = [self._journal_row(new_row(entry)) for entry in entries]
        async with self._one_writer():
            await self._journal.insert(self._into_journal, rows)
        self._tell()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """One consistent picture, for reading only."""
        async with self.engine.connect() as connection, connection.begin() as transaction:
            yield UnitOfWork(connection, self.vault)
            await transaction.rollback()

    def listen(self) -> asyncio.Event:
        """An event that is set whenever a commit of this process left something for the worker."""
        listener = asyncio.Event()
        self._listeners.append(listener)
        return listener

    async def is_answering(self) -> bool:
        """Whether the simplest question gets an answer."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    async def close(self) -> None:
        """Let go of every connection."""
        if self.is_sqlite:
            self._journal.close()
        await self.engine.dispose()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener.set()

    def _one_writer(self) -> AbstractAsyncContextManager[None]:
        return self._writer if self.is_sqlite else nullcontext()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    sqlite.prepare(connection)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("manyhands_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
