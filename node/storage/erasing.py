"""Everything that a community keeps, erased for good: keys first, so that what is left halfway opens nothing.

Files are overwritten before they are removed. Some disks keep old blocks all the same. Only what this program made is
touched, and folders for backups inside the data directory; whatever else lies there stays.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import text

from node.storage.closing import DRAFT, MARK
from node.storage.copies import KEY_TABLES, is_database
from node.storage.database import Database
from node.storage.files import overwrite
from node.storage.master_key import WRAPPED_KEY_FILE
from node.storage.tables import metadata
from node.storage.vault import MASTER_KEY_FILE

#: What lies beside a database file.
_BESIDE: Final = ("-wal", "-shm", "-journal", "")
_MASTER_KEYS: Final = (
    MASTER_KEY_FILE,
    f".{MASTER_KEY_FILE}.new",
    f".{MASTER_KEY_FILE}.gone",
    WRAPPED_KEY_FILE,
    f".{WRAPPED_KEY_FILE}.new",
)
_COPIES: Final = (
    "data-*.age",
    "keyring.age",
    ".data-*.age.new",
    ".keyring.age.new",
    "before-migration-*.db*",
    ".before-migration.new*",
)
_ROOMS: Final = ".backup-*"


def erase_database(file: Path) -> None:
    """Destroy every key in a database file that nobody uses, then the file with what lies beside it. Raises OSError."""
    target = file.resolve()
    if target.exists() and is_database(target):
        _destroy_keys(target)
    for end in _BESIDE:
        _erase_file(target.with_name(f"{target.name}{end}"))
    _erase_file(file)


async def empty_tables(database: Database) -> None:
    """Empty every table of a PostgreSQL database at once; which shape they have stays written there."""
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    async with database.unit_of_work() as work:
        await work.connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


def erase_master_keys(directory: Path) -> None:
    """The master key goes, in plain and wrapped. Raises OSError."""
    for name in _MASTER_KEYS:
        _erase_file(directory / name)


def erase_copies(directory: Path, folders: Iterable[Path]) -> None:
    """Backups and keyrings go, with the folders they are in where these lie below `directory`. Raises OSError."""
    for room in (*directory.glob(_ROOMS), *(folder for folder in folders if is_below(directory, folder))):
        _erase_folder(room)
    for copy in copies_in(directory):
        _erase_file(copy)


def erase_settings(directory: Path, names: Iterable[str]) -> None:
    """The settings go, and the mark last of all. Raises OSError."""
    for name in (*names, DRAFT, MARK):
        _erase_file(directory / name)


def copies_in(folder: Path) -> tuple[Path, ...]:
    """Backups, keyrings and copies put aside that lie in a folder itself."""
    return tuple(sorted(path for pattern in _COPIES for path in folder.glob(pattern)))


def keys_behind_links(directory: Path) -> tuple[Path, ...]:
    """Master keys that lie elsewhere, where a link in the data directory leads to them."""
    return tuple(path.resolve() for path in (directory / name for name in _MASTER_KEYS) if path.is_symlink())


def is_below(directory: Path, folder: Path) -> bool:
    """Whether a folder truly lies inside the data directory, and not behind a link that leads elsewhere."""
    here, there = directory.resolve(), folder.resolve()
    return there != here and there.is_relative_to(here)


def _destroy_keys(file: Path) -> None:
    """A file that an earlier try has overwritten in part is no database any more; then its keys are gone with it."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for table in KEY_TABLES:
            connection.execute(f'DELETE FROM "{table}"')
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _erase_folder(folder: Path) -> None:
    for path in _inside(folder):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            _erase_file(path)
    with suppress(OSError):  # a folder that is mounted stays, empty
        folder.rmdir()


def _inside(folder: Path) -> Iterator[Path]:
    """Everything in a folder, what is deepest first; links are not followed."""
    for above, folders, files in os.walk(folder, topdown=False):
        yield from (Path(above) / name for name in (*files, *folders))


def _erase_file(file: Path) -> None:
    """A file is overwritten and removed; a link to one that lies elsewhere is only removed."""
    if file.is_file() and not file.is_symlink():
        overwrite(file)
    file.unlink(missing_ok=True)
