"""What the service worker keeps on a device: the same for everybody, and never a page of anybody."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import becomes, visitor
from tests.browser.sights import walk_in
from tests.village import Clock, Village, village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEPT = """async () => {
  const names = await caches.keys();
  const stores = await Promise.all(names.map(name => caches.open(name)));
  const requests = (await Promise.all(stores.map(store => store.keys()))).flat();
  return requests.map(one => one.url.slice(location.origin.length).replace(/\\?v=.*/, '')).sort();
}"""


async def walk_over_personal_pages(page: Page, north: Village) -> None:
    """As somebody who asked and as a dispatcher, until the service worker stands between the pages and the line."""
    asked = await north.ask()
    await page.goto("/")
    await page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    await page.goto(f"/r/{asked.code}")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    await walk_in(page, north, north.dispatcher)
    for path in ("/dispatch", f"/dispatch/{asked.notice.id}", "/account", f"/r/{asked.code}", "/ask"):
        answer = await page.goto(path)
        assert answer is not None and answer.status == 200
        assert answer.headers["cache-control"] == "no-store"


async def test_without_a_connection_one_page_says_what_to_do_and_nothing_else_was_kept(
    browser: Browser, tmp_path: Path
) -> None:
    async with village("Harbour Lane Neighbours", tmp_path, Clock()) as north:
        context = await visitor(browser, north, scripts=True)
        page = await context.new_page()
        await walk_over_personal_pages(page, north)
        static = [f"/static/{name}" for name in ("logo.svg", "manyhands.css", "manyhands.js")]
        await becomes(page, KEPT, ["/offline/en", *static])

        await page.get_by_label("In a few words").fill("A lift to the eye clinic")
        await north.close_doors()
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("There is no connection")
        said = await page.locator("body").inner_text()
        assert "offered back to you" in said and "Harbour Lane Neighbours" in said
        assert north.dispatcher.name not in await page.content()
        await north.open_doors()
        await page.goto("/ask")
        await page.get_by_role("button", name="Take what I had typed").click()
        await expect(page.get_by_label("In a few words")).to_have_value("A lift to the eye clinic")

        await page.goto("/language/ar?back=/")
        await becomes(page, KEPT, ["/offline/ar", *static])
        await north.close_doors()
        await page.goto("/ask")
        assert await page.evaluate("document.documentElement.lang") == "ar"
        await north.open_doors()
        await page.goto("/ask")
        await page.locator("a.leave").click()
        await page.goto("/away")
        assert await page.evaluate(KEPT) == [], "whoever leaves leaves nothing"
        await context.close()
