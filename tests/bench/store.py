"""The node's own database file with nothing in it, and the plain driver on it: the floor that storage stands on."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from node.storage.database import Database
from node.storage.migrate import migrate
from node.storage.sqlite import PRAGMAS
from node.storage.vault import Vault

DURABLE: Final = "SQLite WAL, synchronous=FULL"
INTO_JOURNAL: Final = (
    "INSERT OR IGNORE INTO journal"
    " (origin, activity_id, type, actor, body, received_at, due_at, state, attempts, trouble)"
    " VALUES (:origin, :activity_id, :type, :actor, :body, :received_at, :due_at, :state, :attempts, :trouble)"
)


async def make_file(folder: Path) -> Path:
    """A database file of today's shape."""
    file = folder / "manyhands.db"
    database = open_file(file)
    await migrate(database, folder / "backups", datetime.now(UTC))
    await database.close()
    return file


def open_file(file: Path) -> Database:
    """The file as the node opens it."""
    return Database(f"sqlite+aiosqlite:///{file}", Vault(bytes(32)))


def open_plainly(file: Path) -> sqlite3.Connection:
    """The file without any of our layers, as durable as the node opens it."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write_plainly(connection: sqlite3.Connection, statement: str, rows: list[dict[str, Any]]) -> None:
    """All rows in one transaction, stored for good."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(statement, rows)
    connection.execute("COMMIT")
