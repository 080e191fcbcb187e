"""What the tests of documents share: the repository and its examples."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def examples() -> Path:
    return REPOSITORY / "schemas" / "examples"
