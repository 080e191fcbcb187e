"""Bringing a database to this program's shape: forward only, in one transaction, after a copy was put aside."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from node.storage.copies import copy_without_keys, forget_keys_in
from node.storage.database import Database

T = TypeVar("T")
COPIES = "before-migration-*.db"


class WrongShape(Exception):
    """The database cannot be used by this program as it is; the message says what to do."""


@dataclass(frozen=True)
class Plan:
    """Where the database stands: `steps` are the migrations still to run, oldest first, in words."""

    current: str | None
    steps: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Nothing to do."""
        return not self.steps


async def plan(database: Database) -> Plan:
    """What `migrate` would do. Raises WrongShape when the database is newer than the program."""
    return await _run(database, _plan)


async def migrate(database: Database, backups: Path, now: datetime) -> Plan:
    """Bring the database forward and return what was done.

    A copy of an older SQLite file is put into `backups` first, without its keys (they stay here), and an older copy
    goes.
    """
    todo = await plan(database)
    await asyncio.to_thread(forget_keys_in, backups, COPIES)
    if todo.is_current:
        return todo
    if todo.current is not None and database.is_sqlite:
        await asyncio.to_thread(_put_aside, database, backups, now)
    async with database.unit_of_work() as work:
        await work.connection.run_sync(_upgrade)
    return todo


async def must_be_current(database: Database) -> None:
    """Raise WrongShape unless the database has exactly this program's shape."""
    if not (await plan(database)).is_current:
        raise WrongShape("The database is older than this program. Run: manyhands migrate")


def _plan(connection: Connection) -> Plan:
    current = MigrationContext.configure(connection).get_current_revision()
    known = _known(_migrations())
    if current is not None and current not in known:
        raise WrongShape("The database is newer than this program. Install the newer program, or restore a backup.")
    done = list(known).index(current) + 1 if current is not None else 0
    return Plan(current, tuple(f"{revision}: {words}" for revision, words in list(known.items())[done:]))


@cache
def _known(migrations: Path) -> Mapping[str, str]:
    """Every migration of this folder in words, the oldest first; the files are read once in a process."""
    revisions = reversed(list(ScriptDirectory.from_config(_config(migrations)).walk_revisions()))
    return {revision.revision: revision.doc for revision in revisions}


def _upgrade(connection: Connection, revision: str = "head") -> None:
    config = _config(_migrations())
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _migrations() -> Path:
    return Path(__file__).parent / "migrations"


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    return config


async def _run(database: Database, question: Callable[[Connection], T]) -> T:
    async with database.engine.connect() as connection:
        return await connection.run_sync(question)


def _put_aside(database: Database, backups: Path, now: datetime) -> None:
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    earlier = list(backups.glob(COPIES))
    target = backups / f"before-migration-{now:%Y%m%dT%H%M%SZ}.db"
    draft = backups / ".before-migration.new"
    draft.unlink(missing_ok=True)
    copy_without_keys(Path(database.engine.url.database or ""), draft)
    draft.replace(target)
    for old in earlier:
        if old != target:
            old.unlink()
