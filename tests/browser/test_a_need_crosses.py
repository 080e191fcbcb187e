"""Two villages link, and a need asked in one is met by the other: every step through the pages, without scripts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from node.domain.members import Member, Role
from node.services import members
from tests.browser.chromium import visitor
from tests.browser.sights import pick, press, tell_arrival, tell_reach, tell_what, walk_in
from tests.village import Clock, Village, settle, village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TITLE = "A walking frame for a few weeks"
SECRETS = ("Ana", "+44 7700 900111")


@dataclass
class Town:
    """A village and the telephones of those who act in it."""

    village: Village
    steward: Page
    dispatcher: Page
    guest: Page


@pytest_asyncio.fixture(loop_scope="session")
async def towns(tmp_path: Path, browser: Browser) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other."""
    clock = Clock()
    async with (
        village("Harbour Lane Neighbours", tmp_path / "harbour", clock) as harbour,
        village("Old Mill Mutual Aid", tmp_path / "mill", clock) as mill,
    ):
        yield await _town(browser, harbour), await _town(browser, mill)
        for context in browser.contexts:
            if context.pages and context.pages[0].url.startswith((harbour.url, mill.url)):
                await context.close()


async def _town(browser: Browser, one: Village) -> Town:
    sam = await members.add(one.community, "Sam", frozenset({Role.DISPATCHER}))
    return Town(
        one, await _member(browser, one, one.dispatcher), await _member(browser, one, sam), await _guest(browser, one)
    )


async def _guest(browser: Browser, one: Village) -> Page:
    return await (await visitor(browser, one)).new_page()


async def _member(browser: Browser, one: Village, member: Member) -> Page:
    page = await _guest(browser, one)
    await walk_in(page, one, member)
    return page


async def says(page: Page, *words: str) -> None:
    """The main part of the page holds all of these words."""
    shown = " ".join((await page.get_by_role("main").inner_text()).split())
    assert [one for one in words if one not in shown] == [], f"{await page.title()}: {shown}"


async def follow(page: Page, link: str) -> None:
    """Follow the link that says exactly this."""
    async with page.expect_navigation():
        await page.get_by_role("link", name=link, exact=True).first.click()


async def link_the_villages(harbour: Town, mill: Town) -> None:
    """The mill's steward asks, the harbour's accepts."""
    await mill.steward.goto("/peers")
    await says(mill.steward, "We are not linked with anybody yet")
    await mill.steward.get_by_label("Their address").fill(harbour.village.url)
    await pick(mill.steward, "To be neighbours")
    await press(mill.steward, "Add this community")
    await settle(harbour.village, mill.village)
    await harbour.steward.goto("/peers")
    await follow(harbour.steward, "Answer them")
    await says(harbour.steward, "They ask to be neighbours")
    await press(harbour.steward, "Accept")
    await settle(harbour.village, mill.village)
    for page in (harbour.steward, mill.steward):
        await page.goto("/peers")
        await says(page, "We receive what they share", "They receive what we share")


async def ask(harbour: Town) -> str:
    """A guest asks; answers the code."""
    guest = harbour.guest
    await guest.goto("/ask")
    await tell_what(guest, TITLE)
    await press(guest, "Continue")
    await tell_reach(guest)
    await press(guest, "Continue")
    await tell_arrival(guest)
    await press(guest, "Continue")
    await pick(guest, "Neighbouring communities too")
    await press(guest, "Continue")
    await press(guest, "Send it to the dispatchers")
    return (await guest.locator(".code").inner_text()).strip()


async def share(harbour: Town, mill: Town) -> None:
    """The harbour's dispatcher sees exactly what would be sent, and sends it; nothing left before."""
    page = harbour.dispatcher
    await page.goto("/dispatch")
    await follow(page, TITLE)
    await follow(page, "Share with others")
    await pick(page, "All neighbouring communities")
    await press(page, "Show me what they would see")
    await says(page, "Exactly this", f"Needed: {TITLE}", "My grandmother is learning to walk again.")
    shown = await page.content()
    assert not [secret for secret in SECRETS if secret in shown]
    await settle(harbour.village, mill.village)
    assert await mill.village.feed() == ()
    await press(page, "Share it")
    await settle(harbour.village, mill.village)


async def offer(harbour: Town, mill: Town) -> None:
    """The mill's dispatcher finds it and offers to help."""
    page = mill.dispatcher
    await page.goto("/feed")
    await follow(page, TITLE)
    shown = await page.content()
    assert not [secret for secret in SECRETS if secret in shown]
    await follow(page, "Offer to help")
    await page.get_by_label("A few words to them (optional)").fill("We have one in our store.")
    await press(page, "Send the offer")
    await says(page, "We offered to help. Their answer is still to come.")
    await settle(harbour.village, mill.village)


async def agree(harbour: Town, mill: Town) -> None:
    """The harbour agrees and ticks two fields of three."""
    page = harbour.dispatcher
    await page.goto("/dispatch")
    await follow(page, "A community offers to help: answer")
    await says(page, "Old Mill Mutual Aid", "We have one in our store.")
    await pick(page, "What to call them")
    await pick(page, "How to reach them")
    await press(page, "Agree")
    await says(page, "Agreed. They have taken it on.")
    await settle(harbour.village, mill.village)


async def test_a_need_is_met_through_the_pages(towns: tuple[Town, Town]) -> None:
    harbour, mill = towns
    await link_the_villages(harbour, mill)
    code = await ask(harbour)
    await share(harbour, mill)
    await offer(harbour, mill)
    await agree(harbour, mill)

    ours, theirs = harbour.dispatcher, mill.dispatcher
    await theirs.goto("/tasks")
    await follow(theirs, TITLE)
    await says(theirs, "Agreed. We have taken it on.", "Goes home on")
    task = theirs.url
    await theirs.get_by_label("Why are you opening it?").select_option(label="to bring or fetch something")
    await press(theirs, "Show how to reach them")
    await says(theirs, *SECRETS, "Whoever comes says:")
    phrase = (await theirs.locator(".phrase").inner_text()).strip()
    await follow(theirs, "Close this page")
    await harbour.guest.goto(f"/r/{code}")
    await says(harbour.guest, "Old Mill Mutual Aid has taken it on. The person who comes will say:", phrase)

    await press(theirs, "It is under way")
    await settle(harbour.village, mill.village)
    await ours.goto("/tasks")
    await follow(ours, TITLE)
    await says(ours, "Under way. They are on it.")

    await theirs.goto(task)
    await press(theirs, "It is met")
    await settle(harbour.village, mill.village)
    for page in (ours, theirs):
        await page.reload()
        await says(
            page, "Met.", "Both communities have noted how it ended:", "What was released can no longer be read."
        )
    await harbour.guest.goto(f"/r/{code}")
    await says(harbour.guest, "This is sorted.")
