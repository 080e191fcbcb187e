"""One browser and one furnished pair of villages for all pages that are only looked at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.checker import axe
from tests.browser.chromium import chromium
from tests.browser.scene import Scene, two_villages
from tests.browser.sights import Visitors
from tests.village import Clock, Village, village


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as one:
        yield one


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """The furnished villages. Tests look at them and change nothing that another test reads."""
    async with two_villages(tmp_path_factory.mktemp("villages")) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    """A community nobody has written to yet."""
    async with village("Harbour Lane Neighbours", tmp_path, Clock()) as one:
        yield one


@pytest.fixture(scope="session")
def visitors(browser: Browser, scene: Scene) -> Visitors:
    """Somebody for each role, without scripts."""
    return Visitors(browser, scene)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def checkers(browser: Browser, scene: Scene) -> AsyncIterator[Visitors]:
    """The same people with scripts allowed: our own, and the accessibility checker's."""
    async with axe() as checker:
        yield Visitors(browser, scene, checker)
