"""A community set up once, and a copy of it for each test."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.commands import Ran, process
from tests.ports import free_port


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    folder = tmp_path_factory.mktemp("home") / "data"
    url = f"http://localhost:{free_port()}"
    return folder, process("init", "--name", "North Side Neighbours", "--base-url", url, data_dir=folder)


@pytest.fixture
def home(first_run: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A community of this test's own."""
    shutil.copytree(first_run[0], tmp_path / "data")
    return tmp_path / "data"
