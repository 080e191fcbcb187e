"""With nothing but the keyboard: a guest asks and comes back, a dispatcher takes a call, a steward says how we ask.

At every step it is seen where the focus is; what is wrong with a form has the focus when the form comes back.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from node.domain.consent import ALL, Consent
from node.domain.notices import Kind, Urgency
from node.services import needs, sign_in
from node.services.needs import NoticeFilter
from node.web.languages import OFFERED
from tests.browser.chromium import visitor
from tests.browser.keyboard import choose, enter, mend, reach, tab, walk_round, words_of, write
from tests.browser.sights import walk_in
from tests.village import Village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: In the order of the keys, wherever the browser was made: the day or the month first, with or without a morning.
DAY, BEGINS, ENDS = "12122026", "0900A", "1100A"


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, north: Village) -> AsyncIterator[Page]:
    """The front page, with nothing pressed yet."""
    context = await visitor(browser, north)
    page = await context.new_page()
    await page.goto("/")
    yield page
    await context.close()


async def test_a_guest_asks_and_comes_back(page: Page, north: Village) -> None:
    await the_first_tab_skips_to_the_content(page)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await enter(page, "Continue")
    await mend(page, "Say in a few words what it is about.", "title")
    await page.keyboard.type("A lift to the eye clinic")
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


async def the_first_tab_skips_to_the_content(page: Page) -> None:
    """Then the languages come, for whoever reads none of ours to see their own; and the first door."""
    first = await tab(page)
    assert first is not None and first["name"] == "Skip to the content"
    await page.keyboard.press("Enter")
    stops = [await tab(page) for _ in range(len(OFFERED) + 1)]
    names = [stop["name"] for stop in stops if stop]
    assert names[0] == "English"
    assert names[-1] == "I need something Food, a lift, a form filled in, somebody to talk to: anything."


async def test_a_dispatcher_takes_a_call_from_the_shift_to_the_slip(page: Page, north: Village) -> None:
    await page.goto(await sign_in.make_link(north.community, north.dispatcher.id))
    await enter(page, f"Sign in as {north.dispatcher.name}")
    await a_shift_is_written_down(page)
    await enter(page, "Take a call")
    await walk_round(page)
    await write(page, "In a few words", "Groceries for two")
    await write(page, "What is it mostly about?", "Groc")  # a list takes the first letters
    await reach(page, "Do they need anything else at the same time?")
    await page.keyboard.press("Enter")
    await write(page, "And what else? (2)", "Trans")
    await write(page, "A few words on it (2)", "A lift on Friday")
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
    for words in (
        "Groceries for two",
        "A lift on Friday",
        "Old Town",
        "This week",
        "Rosa",
        "020 7946 0105",
        "We get back to you",
    ):
        assert words in said
    kept = (await needs.listing(north.community, NoticeFilter(Kind.NEED))).items
    notice, lift = sorted(kept, key=lambda one: one.number)
    assert (lift.wording.category, lift.wording.urgency) == ("transport", Urgency.THIS_WEEK)
    assert (notice.wording.category, notice.wording.urgency) == ("groceries", Urgency.THIS_WEEK)
    assert notice.consent == Consent(board=True, peers=ALL)
    code = (await page.locator(".code").inner_text()).strip()
    await walk_round(page)
    await enter(page, "A slip to print")
    assert code in await page.locator(".paper").inner_text()
    await it_is_split(page, notice.id)


async def a_shift_is_written_down(page: Page) -> None:
    """What is folded away opens with Enter; with a mistake it comes back open."""
    await page.goto("/shift")
    await reach(page, "Write down a shift")
    await page.keyboard.press("Enter")
    await write(page, "What it is, in a word", "Telephone")
    await enter(page, "Write it down")
    await mend(page, "Write down the day.", "day")
    await page.keyboard.type(DAY)
    await write(page, "Begins at", BEGINS)
    await write(page, "Ends at", ENDS)
    await enter(page, "Write it down")
    await enter(page, "I take it – Telephone")
    await walk_round(page)
    await enter(page, "Not me after all – Telephone")


async def it_is_split(page: Page, notice_id: str) -> None:
    """Two parts, the second with words of its own once it was said that it needs them."""
    await page.goto(f"/dispatch/{notice_id}")
    await enter(page, "Split it in two")
    await walk_round(page)
    await reach(page, "What this part is about")
    await page.keyboard.press("Control+A")
    await page.keyboard.press("Delete")
    await enter(page, "Split it in two")
    await mend(page, "Say in a few words what it is about.", "title")
    await page.keyboard.type("A bag of cat food")
    await enter(page, "Split it in two")
    assert "A bag of cat food" in await words_of(page)


async def test_a_steward_says_how_we_ask_and_tell(page: Page, north: Village) -> None:
    await walk_in(page, north, north.dispatcher)
    await page.goto("/account")
    await enter(page, "Our ways")
    await enter(page, "Our doors")
    await walk_round(page)
    await write(page, "Its words", "Do you have a freezer?")
    await write(page, "How is it answered?", "One of")
    await enter(page, "Save")
    await mend(page, "Write from two to 8 answers, one on each line.", "options_1")
    await page.keyboard.type("no")
    await page.keyboard.press("Enter")
    await page.keyboard.type("yes")
    await enter(page, "Save")
    assert "It is noted. It counts from now on." in await words_of(page)

    await page.goto("/settings")
    await enter(page, "Messages on members' devices")
    await walk_round(page)
    await enter(page, "Let members be told on their devices")
    await enter(page, "Switch it off and forget all devices")
    assert "It is off." in await words_of(page)
