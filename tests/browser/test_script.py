"""What the script adds, in a browser that obeys our Content-Security-Policy; and that nothing is missing without it."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from node.domain.doors import AskedOf, Doors, OwnQuestion, Sort
from node.domain.ids import random_id
from node.domain.notices import Kind
from node.services import doors, needs
from node.services.needs import NoticeFilter
from tests.browser.chromium import visitor
from tests.browser.sights import pick, press, walk_in
from tests.village import Village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEEP = "Keep what I write on this page on this device, too"
NUMBER = "020 7946 0105"
STAYS = "There is no connection just now, so nothing was sent."
FREEZER = "Do you have a freezer?"
KEPT = "JSON.stringify(Object.entries(localStorage).filter(([key]) => key.startsWith('draft ')))"


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, north: Village) -> AsyncIterator[BrowserContext]:
    """A telephone with scripts on."""
    context = await visitor(browser, north, scripts=True)
    await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=north.url)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(phone: BrowserContext) -> AsyncIterator[Page]:
    """Its one page. Whatever the browser complains of, a breach of the policy among it, fails the test."""
    one, complaints = await phone.new_page(), []
    one.on("pageerror", lambda error: complaints.append(str(error)))
    one.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield one
    assert complaints == []


async def kept(page: Page) -> str:
    """What of drafts this device keeps, once there was time to keep it."""
    await page.wait_for_timeout(400)
    return str(await page.evaluate(KEPT))


async def begin(page: Page, title: str) -> None:
    """The first page, filled in."""
    await page.goto("/ask")
    await page.get_by_label("In a few words").fill(title)
    await pick(page, "Transport")


async def test_what_was_typed_is_offered_back_and_what_is_sealed_only_where_that_was_agreed(
    page: Page, phone: BrowserContext, north: Village
) -> None:
    """Answers to the community's own questions are sealed, and kept no sooner than the rest of it."""
    own = OwnQuestion(random_id(), FREEZER, Sort.TEXT, AskedOf.BOTH, ())
    await doors.change(north.community, Doors((own,)), north.dispatcher)
    await begin(page, "A lift to the eye clinic")
    preview = page.locator("[data-live]")
    await expect(preview).to_contain_text("A lift to the eye clinic")
    await expect(preview).to_contain_text("Transport")
    assert "A lift to the eye clinic" in await kept(page)

    await page.reload()
    await expect(page.get_by_label("In a few words")).to_have_value("")
    await page.get_by_role("button", name="Take what I had typed").click()
    await expect(page.get_by_label("In a few words")).to_have_value("A lift to the eye clinic")
    await press(page, "Continue")

    await page.get_by_label("What may we call you?").fill("Agnes")
    await pick(page, "Text message")
    await page.get_by_label("The number or address for that").fill(NUMBER)
    await page.get_by_label(FREEZER).fill("A small one")
    sealed = ("Agnes", NUMBER, "A small one")
    found = await kept(page)
    assert "eye clinic" in found and not any(one in found for one in sealed)
    await pick(page, KEEP)
    found = await kept(page)
    assert all(one in found for one in sealed)
    await pick(page, KEEP)
    found = await kept(page)
    assert not any(one in found for one in sealed)
    await pick(page, KEEP)

    await phone.set_offline(True)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text(STAYS)).to_be_visible()
    await phone.set_offline(False)
    await page.goto("/ask")
    await page.get_by_role("button", name="Take what I had typed").click()
    await press(page, "Continue")
    await expect(page.get_by_label("The number or address for that")).to_have_value(NUMBER)
    await expect(page.get_by_label(FREEZER)).to_have_value("A small one")
    await press(page, "Continue")
    for button in ("Continue", "Continue", "Send it to the dispatchers"):
        await press(page, button)
    assert await kept(page) == "[]"

    code = await page.locator(".code").inner_text()
    await page.get_by_role("button", name="Copy the code").click()
    await expect(page.get_by_role("status")).to_have_text("It is copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == code


async def test_a_draft_goes_when_somebody_says_so_leaves_or_a_day_is_over(page: Page) -> None:
    await begin(page, "Somebody to talk to")
    assert "Somebody to talk to" in await kept(page)
    await page.get_by_role("link", name="Exit this page").click()
    await page.goto("/ask")
    assert await kept(page) == "[]"

    await begin(page, "Somebody to talk to")
    name, draft = json.loads(await kept(page))[0]
    older = json.loads(draft) | {"at": json.loads(draft)["at"] - 24 * 3600 * 1000 - 1}
    await page.evaluate("([name, draft]) => localStorage.setItem(name, draft)", [name, json.dumps(older)])
    await page.goto("/")
    assert await kept(page) == "[]"

    await begin(page, "Somebody to talk to")
    await page.reload()
    await page.get_by_role("button", name="Forget it").click()
    assert await kept(page) == "[]"
    await begin(page, "Somebody to talk to")
    await page.get_by_role("button", name="Do not keep them here").click()
    await expect(page.get_by_text("Nothing of this is kept on this device.")).to_be_focused()
    await page.get_by_label("In a few words").fill("Somebody to talk to, this evening")
    assert await kept(page) == "[]"


async def test_what_a_caller_says_is_kept_on_no_device_and_not_lost_either(
    page: Page, phone: BrowserContext, north: Village
) -> None:
    """At a shared desk. While the line is down the page is not left; later the same press sends it, once."""
    await walk_in(page, north, north.dispatcher)
    await page.goto("/call")
    await page.get_by_label("In a few words").fill("A lift to the eye clinic")
    await page.get_by_label("What is it mostly about?").select_option("transport")
    await page.get_by_label("What may we call you?").fill("Agnes")
    await phone.set_offline(True)
    save = page.get_by_role("button", name="Save, and read it back")
    await save.click()
    await expect(page.get_by_text(STAYS)).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("What may we call you?")).to_have_value("Agnes")
    assert await kept(page) == "[]"
    await phone.set_offline(False)
    async with page.expect_navigation():
        await save.click()
    await expect(page.get_by_role("main")).to_contain_text("Agnes")
    assert len((await needs.listing(north.community, NoticeFilter(Kind.NEED))).items) == 1
    assert await kept(page) == "[]"


async def test_a_page_that_leads_on_after_sending_needs_no_draft_any_more(page: Page, north: Village) -> None:
    await walk_in(page, north, north.dispatcher)
    await page.goto("/announcements/new")
    await page.get_by_label("In a few words").fill("The hall is warm until nine")
    await expect(page.locator("[data-live]")).to_contain_text("The hall is warm until nine")
    await press(page, "Show me what they would see")
    assert "warm until nine" in await kept(page)
    await press(page, "Publish it")
    assert await kept(page) == "[]"

    await page.goto("/peers/card")
    await page.get_by_label("Our agreement text").fill("We answer within two days.")
    await kept(page)
    await page.reload()
    await page.get_by_role("button", name="Take what I had typed").click()
    await expect(page.get_by_label("Our agreement text")).to_have_value("We answer within two days.")
    await press(page, "Save")
    assert await kept(page) == "[]"


async def test_without_scripts_no_dead_button_shows(browser: Browser, north: Village) -> None:
    context = await visitor(browser, north)
    page = await context.new_page()
    await page.goto("/ask")
    assert [await one.inner_text() for one in await page.get_by_role("button").all()] == ["Continue"]
    assert not await page.get_by_text("on this device").locator("visible=true").count()
    await context.close()
