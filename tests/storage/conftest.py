"""A real database of today's shape for every test, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from node.storage.database import Database
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import Vault
from tests.engines import ENGINES
from tests.postgresql import Databases, Server
from tests.shaped import put_shaped_database

MASTER_KEY = bytes(range(32))


@dataclass(frozen=True)
class Place:
    """Where a test's database is. `server` is None for a file in `folder`."""

    url: str
    folder: Path
    server: Server | None = None

    def opened(self, master_key: bytes = MASTER_KEY) -> Database:
        """The node's own hands."""
        return Database(self.url, Vault(master_key))

    def ask(self, statement: str) -> list[Any]:
        """The first column, as other hands find it."""
        if self.server is not None:
            return list(self.server.run(self.name, statement))
        with closing(connect(self.file)) as connection, connection:
            return [row[0] for row in connection.execute(statement)]

    def stored(self, table: str, column: str) -> list[bytes]:
        """The bytes in one column."""
        hexadecimal = f"SELECT encode({column}, 'hex') FROM {table}" if self.server else ""
        statement = hexadecimal or f"SELECT lower(hex({column})) FROM {table}"
        return [bytes.fromhex(text) for text in self.ask(statement)]

    def tables(self) -> set[str]:
        """The name of every table."""
        on_file = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return set(self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'" if self.server else on_file))

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return self.folder / "manyhands.db"

    @property
    def name(self) -> str:
        """What the database is called on its server."""
        return self.url.partition("@/")[2].partition("?")[0]


def opened(path: Path, master_key: bytes = MASTER_KEY) -> Database:
    """The database in this file, or an empty one."""
    return Database(f"sqlite+aiosqlite:///{path}", Vault(master_key))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return put_shaped_database(tmp_path)


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("file")
        yield Place(f"sqlite+aiosqlite:///{file}", tmp_path)
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.lend() as url:
        yield Place(url, tmp_path, databases.server)


@pytest.fixture(params=ENGINES)
def bare_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Without any table."""
    if request.param == "sqlite":
        yield Place(f"sqlite+aiosqlite:///{tmp_path}/manyhands.db", tmp_path)
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.lend_empty() as url:
        yield Place(url, tmp_path, databases.server)


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    found = place.opened()
    yield found
    await found.close()


@pytest.fixture
async def work(database: Database) -> AsyncIterator[UnitOfWork]:
    """One unit of work; what is written in it can be read in it."""
    async with database.unit_of_work() as one:
        yield one
