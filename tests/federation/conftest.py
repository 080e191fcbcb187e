"""Two villages for every story, side by side and not yet linked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.federation.outsider import Outsider, outsider
from tests.village import Clock, Village, village


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def north(tmp_path: Path, clock: Clock) -> AsyncIterator[Village]:
    async with village("North Side Neighbours", tmp_path / "north", clock) as one:
        yield one


@pytest.fixture
async def river(tmp_path: Path, clock: Clock) -> AsyncIterator[Village]:
    async with village("River Street Circle", tmp_path / "river", clock) as one:
        yield one


@pytest.fixture
async def market(tmp_path: Path, clock: Clock) -> AsyncIterator[Village]:
    async with village("Market Hall Kitchen", tmp_path / "market", clock) as one:
        yield one


@pytest.fixture
async def elsewhere(clock: Clock) -> AsyncIterator[Outsider]:
    """A server of another kind."""
    async with outsider(clock) as one:
        yield one
