"""What every test shares."""

import gc
import logging
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.key_ring import KeyRing
from tests.postgresql import CARELESS, Databases, postgresql
from tests.statements import share_statements
from tests.suites import needs

#: Memory that looks like a disk, and the bytes that have to be free there for what tests write.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30

# Every commit waits for the disk, and there are very many of them: where there is room, what tests write is in memory.
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def _log_plainly() -> None:
    """As structlog does by itself, but for the traces of failures.

    Where `rich` is on the machine it draws each of them with everything around it, for more than a second, and tests
    in which processes end in the middle of what they do have hundreds.
    """
    structlog.reset_defaults()
    *before, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, plain])


_log_plainly()

# Properties are never timed: how long one example takes tells of the machine and not of us.
settings.register_profile("untimed", deadline=None, max_examples=60)
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Whole folders are tested by a process for each processor; tests that were named begin at once, in this one."""
    named = [argument for argument in config.args if not (config.invocation_params.dir / argument).is_dir()]
    if named or config.option.keyword:
        return 0
    # Each process must find the same tests in the same order, those made from a set included.
    os.environ.setdefault("PYTHONHASHSEED", str(random.randrange(2**32)))
    return None


@pytest.fixture(scope="session", autouse=True)
def _statements_are_shared() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        share_statements(patch)
        yield


def pytest_collection_finish() -> None:
    """What was read in to begin with stays: Python need not look through it for litter all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def key_ring() -> KeyRing:
    """RSA keys for the whole run."""
    return KeyRing()


@pytest.fixture(autouse=True)
def _no_waiting_for_keys(key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has keys of its own, and only the first one waits for them."""
    key_ring.begin()
    monkeypatch.setattr("federation.keys.generate_private_key", key_ring.generate)


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    """A command run inside the test process configures logging for the whole process; undo that."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    _log_plainly()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A PostgreSQL server for the whole run, started when the first test asks for it."""
    needs("postgresql")
    with postgresql(CARELESS) as server:
        yield Databases(server)


@pytest.fixture
def vectors() -> Path:
    """Recorded messages and test documents of others, kept beside the repository."""
    return needs("vectors")
