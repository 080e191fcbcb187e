"""A database file copied without its keys, and brought back from such a copy.

Whatever is copied is kept somewhere else for some time, so no copy may hold a key of a sealed note: it would open the
note after its owner had it erased. The keys go into the keyring instead, of which only the newest copy is kept.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.engine import make_url

from node.storage.keyring import TABLES, Keys
from node.storage.sqlite import BUSY_TIMEOUT_MS, plainly
from node.storage.vault import CannotOpen

#: What only the keyring holds.
KEY_TABLES = tuple(TABLES)
#: What ends when everything begins anew: nobody is signed in by an old copy.
PASSING_TABLES = ("sessions", "sign_in_links", "invitations", "replays", "sealing")
SQLITE_HEADER = b"SQLite format 3\0"


def file_of(database_url: str) -> Path:
    """The file of a database address that begins with `sqlite`."""
    return Path(make_url(database_url).database or "")


def copy_without_keys(source: Path, target: Path) -> None:
    """Copy the database file `source`, as it is at this moment, into a new file for its owner only.

    Everybody else goes on reading and writing meanwhile. A key is never written into the copy, not even for a moment.
    Raises sqlite3.Error, OSError; then the copy may be in pieces and has to be removed.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_opened(target)) as copy, _attached(copy, source), _transaction(copy, "BEGIN"):
        made = copy.execute("SELECT type, name, sql FROM there.sqlite_master WHERE sql IS NOT NULL").fetchall()
        tables = {name: sql for kind, name, sql in made if kind == "table" and not name.startswith("sqlite_")}
        for name, sql in tables.items():
            copy.execute(sql)
            if name not in (*KEY_TABLES, *PASSING_TABLES):
                copy.execute(f'INSERT INTO main."{name}" SELECT * FROM there."{name}"')
        _copy_sequences(copy)
        for kind, _, sql in made:
            if kind == "index":
                copy.execute(sql)


def fill_from(target: Path, source: Path, keys: Keys | None) -> None:
    """Put what the copy `source` holds in place of everything that `target` holds, all or nothing.

    `keys` take the place of the keys in `target`; with None those stay. Both files have the same shape. Whoever reads
    `target` meanwhile sees it as it was before, and afterwards as it is in the copy.
    """
    with closing(_opened(target)) as here, _attached(here, source), _transaction(here, "BEGIN IMMEDIATE"):
        for name in _tables(here):
            if name in KEY_TABLES:
                continue
            here.execute(f'DELETE FROM main."{name}"')
            if name not in PASSING_TABLES:
                columns = ", ".join(f'"{row[1]}"' for row in here.execute(f'PRAGMA main.table_info("{name}")'))
                here.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM there."{name}"')
        _copy_sequences(here)
        if keys is not None:
            _put_keys(here, keys)


def is_whole(file: Path) -> bool:
    """Whether SQLite finds nothing wrong anywhere in a database file that nobody else uses."""
    try:
        with closing(_opened(file)) as connection:
            found: list[tuple[str]] = connection.execute("PRAGMA integrity_check").fetchall()
            return found == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def count(file: Path, table: str) -> int:
    """How many rows of a table there are; 0 where there is no such table."""
    with closing(_opened(file)) as connection:
        if table not in _tables(connection):
            return 0
        return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def is_database(file: Path) -> bool:
    """Whether a file begins as SQLite's do. Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def notes_in(file: Path) -> frozenset[str]:
    """The notices whose sealed note is in a copy."""
    with closing(_opened(file)) as connection:
        if "sealed_notes" not in _tables(connection):
            return frozenset()
        return frozenset(row[0] for row in connection.execute("SELECT notice_id FROM sealed_notes"))


def forget_keys_in(folder: Path, pattern: str) -> None:
    """Take the keys out of copies that an earlier version of the program put aside with everything in them."""
    for file in folder.glob(pattern):
        if not any(count(file, table) for table in KEY_TABLES):
            continue
        with closing(_opened(file)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            for table in KEY_TABLES:
                connection.execute(f'DELETE FROM "{table}"')
            connection.execute("VACUUM")


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")  # tables are filled in any order
    connection.execute("PRAGMA secure_delete = ON")
    return connection


@contextmanager
def _attached(connection: sqlite3.Connection, file: Path) -> Iterator[None]:
    if not file.is_file():
        raise CannotOpen(f"There is no database in {file}.")
    connection.execute("ATTACH DATABASE ? AS there", (str(file),))
    yield
    connection.execute("DETACH DATABASE there")


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def _copy_sequences(connection: sqlite3.Connection) -> None:
    """Numbers go on where they stood, so that no number is given twice."""
    if connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        connection.execute("DELETE FROM main.sqlite_sequence")
        connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM there.sqlite_sequence")


def _put_keys(connection: sqlite3.Connection, keys: Keys) -> None:
    for name, table in TABLES.items():
        connection.execute(f'DELETE FROM main."{name}"')
        statement, parameters = plainly(insert(table), [column.name for column in table.columns])
        connection.executemany(statement, [parameters(row) for row in keys[name]])
