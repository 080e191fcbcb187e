"""Where the accessibility checker axe is, which is put into pages from outside."""

import os
from pathlib import Path

import pytest

from tests.suites import is_required

_PROGRAM = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


def axe() -> Path:
    """The checker's program. Without it the test is skipped, or fails where MANYHANDS_TEST_REQUIRE insists."""
    if _PROGRAM.exists():
        return _PROGRAM
    reason = "axe is not on this machine; `make test-deps` installs it"
    if is_required("axe", os.environ.get("MANYHANDS_TEST_REQUIRE", "")):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
