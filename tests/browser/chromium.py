"""Debian's Chromium without a window, told not to talk to anybody but our villages."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, Worker, async_playwright

from tests.suites import needs
from tests.village import Village, until

#: The narrowest telephone we promise to work on, in CSS pixels.
PHONE: Final = ViewportSize(width=320, height=640)
DESK: Final = ViewportSize(width=1280, height=800)
PATIENCE_MS = 10_000

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A second page that nobody looks at would be made beside each of ours; the rest would ask the world for things.
    "--disable-features=PreloadTopChromeWebUI,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,"
    "MediaRouter,NetworkTimeServiceQuerying,PreconnectToSearch",
)


@asynccontextmanager
async def chromium(*, whole: bool = False) -> AsyncIterator[Browser]:
    """A running browser, closed at the end.

    Where Debian's headless shell is, it shows the pages: the same engine without what stands around a page, in two
    thirds of the time. Whoever needs what it has not, like messages on the screen, asks for the `whole` browser.
    """
    program = needs("chromium")
    if not whole:
        program = Path(shutil.which("chromium-headless-shell") or program)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def visitor(
    browser: Browser, village: Village, *, scripts: bool = False, checker: bool = False, locale: str = "en-GB"
) -> BrowserContext:
    """Somebody with a telephone of their own who has never been here, and asks for pages in the language of `locale`.

    Scripts are off unless they are asked for. For a `checker`, programs may be put into pages from outside as well.
    """
    context = await browser.new_context(
        base_url=village.url,
        java_script_enabled=scripts or checker,
        bypass_csp=checker,
        service_workers="block" if checker else "allow",
        viewport=PHONE,
        locale=locale,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


async def becomes(where: Page | Worker, script: str, wanted: object) -> None:
    """Wait until this script says this, also where it has to wait itself, which `wait_for_function` would not do."""

    async def is_so() -> bool:
        return bool(await where.evaluate(script) == wanted)

    await until(is_so)
