"""The furnished villages with people in every role, for all tests that only knock at doors."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.scene import two_villages
from tests.privacy.told import Told, told


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def everybody(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    """One scene for all; what a test changes in it, no other test reads."""
    async with two_villages(tmp_path_factory.mktemp("everybody")) as scene:
        yield await told(scene)
