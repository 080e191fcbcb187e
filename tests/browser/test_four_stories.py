"""The four stories, from start to end as each role, in two languages and without scripts.

Two communities link; somebody asks and a helper of theirs does it; a dispatcher takes a telephone call; what was told
there is shared, met by the neighbours, and gone afterwards.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from node.domain.categories import name_of
from node.domain.members import Member, Role
from node.services import members
from node.web.consent_words import TO_HELPER
from tests.browser.reader import Reader, guest, member
from tests.village import Clock, Village, settle, village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MILL = "Old Mill Mutual Aid"
WARDROBE = "A wardrobe has to go up to the third floor"
FRAME = "A walking frame for a few weeks"
MORE = "My grandmother is learning to walk again."
OFFERED = "We have one in our store."
CALLED, NUMBER = "Ana", "+44 7700 900111"
SECRETS = (CALLED, NUMBER)
LINKED = (
    "We receive what they share with neighbouring communities.",
    "They receive what we share with neighbouring communities.",
)
WHO_WE_ARE = "We carry and mend, and look for people who cook."


@dataclass
class Town:
    """A village, and the telephones of those who act in it."""

    village: Village
    steward: Reader
    dispatcher: Reader
    helper: Reader
    guest: Reader


@pytest_asyncio.fixture(loop_scope="session", params=["en", "ar"])
async def towns(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other, all of whose people read one language."""
    clock = Clock()
    async with (
        village("Harbour Lane Neighbours", tmp_path / "harbour", clock) as harbour,
        village(MILL, tmp_path / "mill", clock) as mill,
    ):
        known = len(browser.contexts)
        yield await _town(browser, harbour, request.param), await _town(browser, mill, request.param)
        for context in browser.contexts[known:]:
            await context.close()


async def _town(browser: Browser, one: Village, code: str) -> Town:
    async def arrive(who: Member) -> Reader:
        return await member(browser, one, who, code)

    sam = await members.add(one.community, "Sam", frozenset({Role.DISPATCHER}))
    cai = await members.add(one.community, "Cai", frozenset({Role.HELPER}))
    return Town(
        one, await arrive(one.dispatcher), await arrive(sam), await arrive(cai), await guest(browser, one, code)
    )


async def test_the_four_stories(towns: tuple[Town, Town]) -> None:
    harbour, mill = towns
    await a_community_joins(mill, harbour)
    await somebody_asks_and_a_helper_comes(harbour)
    code = await a_dispatcher_takes_a_call(harbour)
    await it_is_shared(harbour, mill)
    await the_neighbours_meet_it(harbour, mill, code)


async def a_community_joins(mill: Town, harbour: Town) -> None:
    """Its steward chooses how it works, finds its card, and asks the neighbours; afterwards to be introduced."""
    theirs, ours = mill.steward, harbour.steward
    await theirs.goes("/settings/languages")
    await theirs.press("Save")
    await theirs.reads("The languages are saved.")
    await theirs.goes("/settings/safety")
    await theirs.press("Save")
    await theirs.goes("/peers")
    await theirs.follow("Our card")
    await theirs.reads(mill.village.community.host)
    await theirs.goes("/peers")
    await theirs.write("Their address", harbour.village.url)
    await theirs.pick("To be neighbours")
    await theirs.press("Add this community")
    await settle(harbour.village, mill.village)
    await ours.goes("/peers")
    await ours.follow("Answer them")
    await ours.reads("They ask to be neighbours")
    await ours.press("Accept")
    await settle(harbour.village, mill.village)
    for one in (ours, theirs):
        await one.goes("/peers")
        await one.reads(*LINKED)
    await theirs.goes("/introductions/ask")
    await theirs.write("Who we are, in a few words", WHO_WE_ARE)
    await theirs.press("Ask them")
    await theirs.reads("What we wrote", WHO_WE_ARE)
    await settle(harbour.village, mill.village)
    await ours.goes("/introductions")
    await ours.reads("They ask us to introduce them", WHO_WE_ARE)


async def tell(one: Reader, title: str, category: str, circle: str, *ticks: str) -> str:
    """Five pages of asking, as a guest or with somebody on the telephone; answers the code."""
    await one.goes("/ask")
    await one.write("In a few words", title)
    await one.write("Tell us more, if you like", MORE)
    await one.pick(name_of(category))
    await one.press("Continue")
    await one.write("What may we call you?", CALLED)
    await one.pick("Text message")
    await one.write("The number or address for that", NUMBER)
    await one.write("Which part of town?", "Old Town")
    await one.press("Continue")
    await one.press("Skip this page")
    await one.reads("This is what they would see", title)
    await one.pick(circle, *ticks)
    await one.press("Continue")
    await one.reads(title, CALLED)
    await one.press("Send it to the dispatchers")
    return await one.text(".code")


async def somebody_asks_and_a_helper_comes(harbour: Town) -> None:
    """A guest asks; a dispatcher speaks with them; a helper takes it on, comes, and has nothing left of it."""
    guest, helper = harbour.guest, harbour.helper
    code = await tell(guest, WARDROBE, "repairs", "Helpers of this community too", TO_HELPER)
    await open_it(harbour.dispatcher, WARDROBE)
    await helper.goes("/board")
    await helper.follow(WARDROBE)
    await helper.holds_none_of(*SECRETS)
    await helper.press("I can do this")
    phrase = await helper.text(".phrase")
    await guest.goes(f"/r/{code}")
    await guest.reads("A helper of this community has taken it on.", phrase)
    await helper.press("Show how to reach them")
    await helper.reads(*SECRETS, phrase)
    await helper.follow("Close the card")
    await helper.press("It is done")
    await helper.goes("/board")
    await helper.holds_none_of(*SECRETS, phrase)
    await guest.goes(f"/r/{code}")
    await guest.reads("This is sorted.")
    await guest.press("I still need this")
    await guest.press("No longer needed")
    await guest.reads("This is no longer needed. Nobody works on it any more.")


async def open_it(dispatcher: Reader, title: str) -> None:
    """A dispatcher finds it in the queue, notes by one tap that they spoke, and that it is open."""
    await dispatcher.goes("/dispatch")
    await dispatcher.follow(title)
    await dispatcher.press("We spoke")
    await dispatcher.reads("We spoke.")
    await dispatcher.page.locator("#status").select_option("open")
    await dispatcher.press("Note where it stands")


async def a_dispatcher_takes_a_call(harbour: Town) -> str:
    """Somebody calls without the Internet: the dispatcher writes it down, reads the code out and prints the slip."""
    dispatcher = harbour.dispatcher
    code = await tell(dispatcher, FRAME, "care", "Neighbouring communities too")
    await dispatcher.follow("A slip to print")
    await dispatcher.reads(code)
    await open_it(dispatcher, FRAME)
    return code


async def it_is_shared(harbour: Town, mill: Town) -> None:
    """The dispatcher sees exactly what would be sent, and sends it; nothing left before."""
    dispatcher = harbour.dispatcher
    await dispatcher.follow("Share with others")
    await dispatcher.pick("All neighbouring communities")
    await dispatcher.press("Show me what they would see")
    await dispatcher.reads("Exactly this", FRAME, MORE)
    await dispatcher.holds_none_of(*SECRETS)
    await settle(harbour.village, mill.village)
    assert await mill.village.feed() == ()
    await dispatcher.press("Share it")
    await settle(harbour.village, mill.village)


async def the_neighbours_meet_it(harbour: Town, mill: Town, code: str) -> None:
    """They offer, the origin agrees and releases two fields of three, and each side reads how it ended."""
    ours, theirs, guest = harbour.dispatcher, mill.dispatcher, harbour.guest
    await theirs.goes("/feed")
    await theirs.follow(FRAME)
    await theirs.holds_none_of(*SECRETS)
    await theirs.follow("Offer to help")
    await theirs.write("A few words to them (optional)", OFFERED)
    await theirs.press("Send the offer")
    await theirs.reads("We offered to help. Their answer is still to come.")
    await settle(harbour.village, mill.village)
    await ours.goes("/dispatch")
    await ours.follow("A community offers to help: answer")
    await ours.reads(MILL, OFFERED)
    await ours.pick("What to call them", "How to reach them")
    await ours.press("Agree")
    await ours.reads("Agreed. They have taken it on.")
    await settle(harbour.village, mill.village)
    task = await read_what_was_released(theirs)
    phrase = await theirs.text(".phrase")
    await theirs.follow("Close this page")
    await guest.goes(f"/r/{code}")
    await guest.reads(phrase)

    await theirs.press("It is under way")
    await settle(harbour.village, mill.village)
    await ours.goes("/tasks")
    await ours.follow(FRAME)
    await ours.reads("Under way. They are on it.")
    await theirs.goes(task)
    await theirs.press("It is met")
    await settle(harbour.village, mill.village)
    for one in (ours, theirs):
        await one.page.reload()
        await one.reads("Met.", "Both communities have noted how it ended:", "What was released can no longer be read.")
    await guest.goes(f"/r/{code}")
    await guest.reads("This is sorted.")


async def read_what_was_released(theirs: Reader) -> str:
    """The neighbours open how to reach the person, saying why; answers the address of the task."""
    await theirs.goes("/tasks")
    await theirs.follow(FRAME)
    await theirs.reads("Agreed. We have taken it on.")
    task = theirs.page.url
    await theirs.select("Why are you opening it?", "to bring or fetch something")
    await theirs.press("Show how to reach them")
    await theirs.reads(*SECRETS, "Whoever comes says:")
    return task
