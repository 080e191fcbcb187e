from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.interop.fedify_server import FedifyServer, running_fedify
from tests.village import Clock, Village, village


class RealClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    """A village on the real clock: the stranger checks dates against its own."""
    async with village("North Side Neighbours", tmp_path / "north", RealClock()) as one:
        yield one


@pytest.fixture
def fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """An independent server, new for each test."""
    with running_fedify(tmp_path / "fedify.log") as server:
        yield server


@pytest.fixture
def proving_fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """One with an Ed25519 key beside the RSA key: what it sends carries object proofs (FEP-8b32)."""
    with running_fedify(tmp_path / "proving-fedify.log", "--ed25519") as server:
        yield server


@pytest.fixture
def cavage_fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """One that signs by draft-cavage, and not by RFC 9421 first."""
    with running_fedify(tmp_path / "cavage-fedify.log", "--cavage") as server:
        yield server


@pytest.fixture
def closed_fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """One that shows its outbox and its notes to nobody without a signature."""
    with running_fedify(tmp_path / "closed-fedify.log", "--closed") as server:
        yield server


@pytest.fixture
def other_fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """A second one, for what two strangers do among themselves."""
    with running_fedify(tmp_path / "other-fedify.log") as server:
        yield server
