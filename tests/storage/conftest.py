"""A real SQLite file of today's shape for every test, copied from one that was made once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from node.storage.database import Database
from node.storage.migrate import migrate
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import Vault
from tests.unit.node.make import NOW

MASTER_KEY = bytes(range(32))


def opened(path: Path, master_key: bytes = MASTER_KEY) -> Database:
    """The database in this file, or an empty one."""
    return Database(f"sqlite+aiosqlite:///{path}", Vault(master_key))


async def _make(path: Path) -> None:
    database = opened(path)
    await migrate(database, path.parent / "backups", NOW)
    await database.close()


@pytest.fixture(scope="session")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's shape."""
    path = tmp_path_factory.mktemp("shaped") / "manyhands.db"
    with closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(_make(path))
    return path


@pytest.fixture
def file(shaped: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(shaped, tmp_path / "manyhands.db"))


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    found = opened(file)
    yield found
    await found.close()


@pytest.fixture
async def work(database: Database) -> AsyncIterator[UnitOfWork]:
    """One unit of work; what is written in it can be read in it."""
    async with database.unit_of_work() as one:
        yield one
