"""Pictures of every page, narrow and wide, light and dark: `python -m tests.browser.screenshots DIR`."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page

from tests.browser.chromium import DESK, PHONE, chromium
from tests.browser.refused import EVERY
from tests.browser.scene import two_villages
from tests.browser.sights import Sight, Visitors

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


async def take_all(folder: Path, wanted: tuple[Sight, ...] = EVERY) -> None:
    """Four pictures of each wanted sight, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        async with two_villages(Path(directory)) as scene, chromium() as browser:
            visitors = Visitors(browser, scene)
            for sight in wanted:
                async with visitors.looking_at(sight) as page:
                    await _take(page, folder, sight.name)


async def _take(page: Page, folder: Path, name: str) -> None:
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=folder / f"{name}-{size['width']}-{scheme}.png", full_page=True)


def main(arguments: list[str]) -> str | None:
    """Take them; answers what is wrong, if anything is. Further arguments are words that the pages' names hold."""
    if not arguments:
        return "Say where the pictures shall go: python -m tests.browser.screenshots DIR [WORD…]"
    words = arguments[1:]
    wanted = tuple(sight for sight in EVERY if not words or any(word in sight.name for word in words))
    try:
        asyncio.run(take_all(Path(arguments[0]), wanted))
    except pytest.skip.Exception as missing:
        return str(missing)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
