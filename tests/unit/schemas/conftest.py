"""What the tests of documents share: the repository, its examples, and the recorded messages of other servers."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def examples() -> Path:
    return REPOSITORY / "schemas" / "examples"


@pytest.fixture
def vectors() -> Path:
    """Recorded messages and test documents, kept beside the repository."""
    found = REPOSITORY.parent / "shared" / "vectors"
    if found.is_dir():
        return found
    reason = "the recorded messages of other servers are not beside this repository"
    if os.environ.get("MANYHANDS_TEST_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)
