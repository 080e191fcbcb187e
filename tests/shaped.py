"""An empty database of today's shape: made by the migrations once in a process, and copied for whoever wants one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from node.storage.database import Database
from node.storage.migrate import migrate
from node.storage.vault import Vault

DATABASE_FILE = "manyhands.db"


def put_shaped_database(data_dir: Path) -> Path:
    """Put one into a data directory that has none, and return the file: what `migrate` would do is done."""
    file = data_dir / DATABASE_FILE
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(_shaped())
    return file


@cache
def _shaped() -> bytes:
    with TemporaryDirectory() as place, ThreadPoolExecutor(1) as beside_a_running_loop:
        file = Path(place) / DATABASE_FILE
        beside_a_running_loop.submit(asyncio.run, _make(file)).result()
        return file.read_bytes()


async def _make(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(bytes(32)))
    await migrate(database, file.parent / "backups", datetime.now(UTC))
    await database.close()
