from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.fedify_server import FedifyServer, running_fedify


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
def other_fedify(tmp_path: Path) -> Iterator[FedifyServer]:
    """A second one, for what two strangers do among themselves."""
    with running_fedify(tmp_path / "other-fedify.log") as server:
        yield server
