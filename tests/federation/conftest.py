"""Two villages for every story, side by side and not yet linked.

A story that is told `ON_EVERY_ENGINE` happens on SQLite and on PostgreSQL.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.federation.outsider import Outsider, outsider
from tests.postgresql import Databases
from tests.village import Clock, Village, village

NewDatabase = Callable[[], str | None]


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """What the villages keep their things in."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def new_database(request: pytest.FixtureRequest, engine: str) -> Iterator[NewDatabase]:
    """Gives the address of a database of its own to each village that asks; None for a file in its folder."""
    if engine == "sqlite":
        yield lambda: None
        return
    databases: Databases = request.getfixturevalue("databases")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(databases.lend())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def north(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> AsyncIterator[Village]:
    async with village("North Side Neighbours", tmp_path / "north", clock, new_database()) as one:
        yield one


@pytest.fixture
async def river(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> AsyncIterator[Village]:
    async with village("River Street Circle", tmp_path / "river", clock, new_database()) as one:
        yield one


@pytest.fixture
async def market(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> AsyncIterator[Village]:
    async with village("Market Hall Kitchen", tmp_path / "market", clock, new_database()) as one:
        yield one


@pytest.fixture
async def elsewhere(clock: Clock) -> AsyncIterator[Outsider]:
    """A server of another kind."""
    async with outsider(clock) as one:
        yield one
