"""With nothing but the keyboard: a guest asks in four steps and comes back; a dispatcher takes a call."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from node.domain.consent import ALL, Consent
from node.domain.notices import Kind, Urgency
from node.services import needs, sign_in
from node.services.needs import NoticeFilter
from node.web.languages import OFFERED
from tests.browser.chromium import visitor
from tests.village import Clock, Village, village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_TABS = 120

#: What the one who types takes the focused thing for: its label, or its words.
NAME = """() => {
  const one = document.activeElement;
  return (one.labels?.length ? one.labels[0] : one).textContent.replace(/\\s+/g, ' ').trim();
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def north(tmp_path: Path) -> AsyncIterator[Village]:
    """A community nobody has written to yet."""
    async with village("Harbour Lane Neighbours", tmp_path, Clock()) as one:
        yield one


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, north: Village) -> AsyncIterator[Page]:
    """The front page, with nothing pressed yet."""
    context = await visitor(browser, north)
    page = await context.new_page()
    await page.goto("/")
    yield page
    await context.close()


async def reach(page: Page, name: str) -> None:
    """Tab until the thing with this name has the focus."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await page.evaluate(NAME) == name:
            return
    raise AssertionError(f"the keyboard does not reach “{name}” on {await page.title()}")


async def enter(page: Page, name: str) -> None:
    """Reach a link or button and press Enter."""
    await reach(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def write(page: Page, name: str, text: str) -> None:
    """Reach a field and type."""
    await reach(page, name)
    await page.keyboard.type(text)


async def choose(page: Page, first: str, wanted: str) -> None:
    """Reach a group of choices, which takes the focus at `first`, and go down to the wanted one."""
    await reach(page, first)
    await page.keyboard.press("Space")
    for _ in range(MOST_TABS):
        if await page.evaluate(NAME) == wanted:
            return
        await page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not reach “{wanted}”")


async def words_of(page: Page) -> str:
    """Everything the main part says."""
    return " ".join((await page.get_by_role("main").inner_text()).split())


async def test_a_guest_asks_and_comes_back(page: Page, north: Village) -> None:
    await enter(page, "I need something Food, a lift, a form filled in, somebody to talk to: anything.")
    await write(page, "In a few words", "A lift to the eye clinic")
    await write(page, "Tell us more, if you like", "On a morning. I walk with a stick.")
    await reach(page, "Transport")
    await page.keyboard.press("Space")
    await choose(page, "When someone can", "This week")
    await enter(page, "Continue")

    assert "How can we reach you?" in await words_of(page)
    await write(page, "What may we call you?", "Agnes")
    await choose(page, "Call", "Text message")
    await write(page, "The number or address for that", "020 7946 0105")
    await reach(page, "It is safe to leave a message there")
    await page.keyboard.press("Space")
    await write(page, "Which part of town?", "Old Town")
    await enter(page, "Continue")

    assert "You can leave all of this empty." in await words_of(page)
    await reach(page, "Do not knock")
    await page.keyboard.press("Space")
    await write(page, "Who may come?", "women only")
    await page.keyboard.press("Enter")  # the first button, so it must not be the one that skips
    await page.wait_for_url("**/ask/who")

    assert "This is what they would see" in await words_of(page)
    await choose(page, "Only the dispatchers", "Neighbouring communities too")
    await enter(page, "Continue")

    said = await words_of(page)
    for answer in (
        "A lift to the eye clinic", "Transport", "This week", "Agnes", "020 7946 0105", "yes, it is safe",
        "Do not knock", "women only",
    ):  # fmt: skip
        assert answer in said
    await enter(page, "Send it to the dispatchers")

    code = (await page.locator(".code").inner_text()).strip()
    await page.goto("/")
    await enter(page, "Look at my request")
    await write(page, "Your code", code.replace("-", " ").upper())
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/r/{code}")

    said = await words_of(page)
    assert "A lift to the eye clinic" in said and "Somebody here is going to read this" in said
    assert "Agnes" not in said and "0105" not in said
    await enter(page, "It is sorted")
    assert "It is marked as sorted" in await words_of(page)

    await enter(page, "Ask for the same again, without filling it in")
    await enter(page, "Send it to the dispatchers")
    another = (await page.locator(".code").inner_text()).strip()
    assert another != code
    await enter(page, "Look at my request")
    await enter(page, "See everything we hold about it")
    assert "Agnes" in await words_of(page)
    await enter(page, "Erase everything now")
    await enter(page, "Yes, erase everything")
    assert "It is erased" in await words_of(page)
    await page.goto(f"/r/{another}")
    assert "A lift to the eye clinic" not in await words_of(page)


async def test_a_dispatcher_takes_a_call_from_the_shift_to_the_slip(page: Page, north: Village) -> None:
    await page.goto(await sign_in.make_link(north.community, north.dispatcher.id))
    await enter(page, f"Sign in as {north.dispatcher.name}")
    await page.goto("/shift")
    await enter(page, "Take a call")
    await write(page, "In a few words", "Groceries for two")
    await write(page, "What is it mostly about?", "Groc")  # a list takes the first letters
    await choose(page, "For themselves", "For themselves")
    await write(page, "What may we call you?", "Rosa")
    await write(page, "How shall we reach you?", "Text")
    await write(page, "The number or address for that", "020 7946 0105")
    await choose(page, "Yes", "No")  # safe to leave a message?
    await write(page, "Which part of town?", "Old Town")
    await choose(page, "When someone can", "This week")
    await choose(page, "Yes", "Yes")  # helpers here
    await reach(page, "Yes")  # whoever takes it on: not asked
    await choose(page, "Yes", "Yes")  # neighbouring communities
    await choose(page, "Yes", "No")  # everybody
    await write(page, "Call back", "Tomorrow")
    await enter(page, "Save, and read it back")

    said = await words_of(page)
    for words in ("Groceries for two", "Old Town", "This week", "Rosa", "020 7946 0105", "We get back to you"):
        assert words in said
    (notice,) = (await needs.listing(north.community, NoticeFilter(Kind.NEED))).items
    assert (notice.wording.category, notice.wording.urgency) == ("groceries", Urgency.THIS_WEEK)
    assert notice.consent == Consent(board=True, peers=ALL)
    code = (await page.locator(".code").inner_text()).strip()
    await enter(page, "A slip to print")
    assert code in await page.locator(".paper").inner_text()


async def test_a_mistake_is_said_beside_the_field_and_leads_there(page: Page) -> None:
    await page.goto("/ask")
    await enter(page, "Continue")
    summary = page.get_by_role("alert")
    assert "Please look at this again" in await summary.inner_text()
    await reach(page, "Say in a few words what it is about.")
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "title"
    described = await page.get_by_label("In a few words").get_attribute("aria-describedby")
    assert described is not None and "title-wrong" in described.split()


async def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    await page.keyboard.press("Tab")
    assert await page.evaluate(NAME) == "Skip to the content"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate(NAME) == "English"  # the languages come first: whoever reads none of ours sees their own
    for _ in OFFERED:
        await page.keyboard.press("Tab")
    assert (await page.evaluate(NAME)).startswith("I need something")
