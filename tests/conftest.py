"""What every test shares."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    """A command run inside the test process configures logging for the whole process; undo that."""
    yield
    structlog.reset_defaults()
