"""How far the end of a community has come, told by a file in its data directory; and whether a process works there.

The mark is the last thing to go: as long as it lies there, `close` can be run again and goes on where it was.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from node.domain.errors import Conflict
from node.storage.files import write_whole

MARK: Final = "closing.json"
DRAFT: Final = f".{MARK}.new"
BEING_ERASED: Final = "This community has ended and is being erased. Whatever is left goes with: manyhands close"


@dataclass(frozen=True)
class Ending:
    """A community that ends: its name, its address, since when; `is_erasing` once nobody is told any more."""

    name: str
    base_url: str
    since: datetime
    is_erasing: bool = False


def ending_of(directory: Path) -> Ending | None:
    """How far the end has come; None where nothing ends here. Raises OSError."""
    try:
        read = orjson.loads((directory / MARK).read_bytes())
    except FileNotFoundError:
        return None
    return Ending(read["name"], read["base_url"], datetime.fromisoformat(read["since"]), read["is_erasing"])


def mark(directory: Path, ending: Ending) -> None:
    """Write down how far it has come; the mark appears whole or not at all. Raises OSError."""
    values = vars(ending) | {"since": ending.since.isoformat()}
    write_whole(directory / MARK, orjson.dumps(values))


def is_closing(directory: Path) -> bool:
    """Whether the community ends, or has ended."""
    return (directory / MARK).exists()


def is_erasing(directory: Path) -> bool:
    """Whether everything here is being erased."""
    ending = ending_of(directory)
    return ending is not None and ending.is_erasing


@contextmanager
def at_work(directory: Path) -> Iterator[None]:
    """A server or worker of this data directory, for as long as the block lasts; there may be several.

    Raises Conflict where everything here is being erased.
    """
    with _locked(directory, fcntl.LOCK_SH) as got_it:
        if not got_it or is_erasing(directory):
            raise Conflict(BEING_ERASED)
        yield


@contextmanager
def alone(directory: Path) -> Iterator[bool]:
    """Whether no server or worker is at work here; then none begins while the block lasts."""
    with _locked(directory, fcntl.LOCK_EX) as got_it:
        yield got_it


@contextmanager
def _locked(directory: Path, kind: int) -> Iterator[bool]:
    """The lock is the folder's own and ends with the process, so that a crash leaves nothing behind."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        yield _lock(descriptor, kind)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network disks know no such lock: a server runs all the same, and nobody counts as alone
        return kind == fcntl.LOCK_SH
    return True
