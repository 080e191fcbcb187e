"""The four stories, from start to end as each role, in English and in Arabic, with scripts and without.

A community begins and links with another; somebody asks and a helper of theirs does it; a dispatcher takes a telephone
call; what was told there is shared, met by the neighbours, and gone afterwards.

There are two walks, not four. In the first everybody reads English, and guests and helpers have scripts on their
telephones; in the second everybody reads Arabic, and dispatchers and stewards have them. So whoever acts in a story
acts in it in both languages, with scripts and without. A fault that shows in one of the four ways alone would have to
need a language and a script together. The script holds no sentence: what it shows stands in the page already, in the
reader's language (ADR 0059), and no address, field or button depends on the language. And where telephones differ as
they do here, as in life, what one sends without scripts is read by another who has them.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from node.domain.categories import name_of
from node.web.consent_words import TO_HELPER
from tests.browser.reader import Reader
from tests.browser.town import MILL, SCRIPTED, Town, two_towns
from tests.village import settle

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WARDROBE = "A wardrobe has to go up to the third floor"
FRAME = "A walking frame for a few weeks"
MORE = "My grandmother is learning to walk again."
OFFERED = "We have one in our store."
CALLED, NUMBER = "Ana", "+44 7700 900111"
SECRETS = (CALLED, NUMBER)
LIFT = "Is there a lift in your house?"
NO_LIFT = "Only stairs, I am afraid."
HANDED_OVER = "The cellar key hangs by the clock."
PASSWORD = "four boats under one red roof"
LINKED = (
    "We receive what they share with neighbouring communities.",
    "They receive what we share with neighbouring communities.",
)
WHO_WE_ARE = "We carry and mend, and look for people who cook."


@pytest_asyncio.fixture(loop_scope="session", params=sorted(SCRIPTED))
async def towns(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> AsyncIterator[tuple[Town, Town]]:
    """Two villages that have not heard of each other, all of whose people read one language."""
    async with two_towns(browser, tmp_path, request.param) as both:
        yield both


async def test_the_four_stories(towns: tuple[Town, Town]) -> None:
    harbour, mill = towns
    await a_community_begins(harbour)
    await a_community_joins(mill, harbour)
    await somebody_asks_and_a_helper_comes(harbour)
    code = await a_dispatcher_takes_a_call(harbour)
    await it_is_shared(harbour, mill)
    await the_neighbours_meet_it(harbour, mill, code)


async def a_community_begins(harbour: Town) -> None:
    """Its steward says how it works and what it asks; an invited dispatcher comes in, and comes back by a password."""
    steward, invited = harbour.steward, harbour.dispatcher
    await steward.goes("/account")
    await steward.follow("Languages spoken here")
    await steward.press("Save")
    await steward.reads("The languages are saved.")
    await steward.goes("/account")
    await steward.follow("Our doors")
    await steward.write("Its words", LIFT)
    await steward.press("Save")
    await steward.reads("It is noted. It counts from now on.")
    await steward.goes("/account")
    await steward.follow("Safety")
    await steward.press("Save")
    await invited.goes("/account")
    await invited.write("New password", PASSWORD)
    await invited.write("The same once more", PASSWORD)
    await invited.press("Set this password")
    await invited.press("Sign out")
    await invited.goes("/dispatch")
    await invited.write("Your name here", "Sam")
    await invited.write("Password", PASSWORD)
    await invited.press("Sign in")
    assert invited.page.url.endswith("/dispatch")


async def a_community_joins(mill: Town, harbour: Town) -> None:
    """Its steward finds its card, and asks the neighbours; afterwards to be introduced."""
    theirs, ours = mill.steward, harbour.steward
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


async def ask(guest: Reader) -> str:
    """Five pages of asking, as somebody without an account; answers the code.

    With scripts it is seen beside the form what others would see, and the line breaks once: nothing of it is lost.
    """
    await guest.goes("/ask")
    await guest.write("In a few words", WARDROBE)
    await guest.write("Tell us more, if you like", MORE)
    await guest.pick(name_of("repairs"))
    if guest.scripts:
        await guest.sees_beside_the_form(WARDROBE)
        await guest.loses_the_line_at("Continue")
        await guest.tap("Take what I had typed")
    await guest.press("Continue")
    await guest.write("What may we call you?", CALLED)
    await guest.pick("Text message")
    await guest.write("The number or address for that", NUMBER)
    await guest.write("Which part of town?", "Old Town")
    await guest.write(LIFT, NO_LIFT)
    await guest.press("Continue")
    await guest.press("Skip this page")
    await guest.reads("This is what they would see", WARDROBE)
    await guest.pick("Helpers of this community too", TO_HELPER)
    await guest.press("Continue")
    await guest.reads(WARDROBE, CALLED, NO_LIFT)
    await guest.press("Send it to the dispatchers")
    if guest.scripts:
        await guest.tap("Copy the code")
        await guest.reads("It is copied.")
    return await guest.text(".code")


async def somebody_asks_and_a_helper_comes(harbour: Town) -> None:
    """A guest asks; a dispatcher speaks with them; a helper takes it on, comes, and has nothing left of it."""
    guest, helper = harbour.guest, harbour.helper
    code = await ask(guest)
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
    """Somebody calls without the Internet: the dispatcher writes it down, reads it back with the code, prints the slip.

    Before that they leave a note for the next shift; with scripts on, the line breaks over it, and it is offered back.
    """
    dispatcher = harbour.dispatcher
    await dispatcher.goes("/shift")
    await dispatcher.write("Your words", HANDED_OVER)
    if dispatcher.scripts:
        await dispatcher.loses_the_line_at("Leave the note")
        await dispatcher.tap("Take what I had typed")
    await dispatcher.press("Leave the note")
    await dispatcher.reads(HANDED_OVER)
    await dispatcher.follow("Take a call")
    await dispatcher.write("In a few words", FRAME)
    await dispatcher.select("What is it mostly about?", name_of("care"))
    await dispatcher.write("More, if they like", MORE)
    await dispatcher.write("What may we call you?", CALLED)
    await dispatcher.select("How shall we reach you?", "Call")
    await dispatcher.write("The number or address for that", NUMBER)
    await dispatcher.write(LIFT, NO_LIFT)
    await dispatcher.answer("agreed_board", "No")
    await dispatcher.answer("agreed_peers", "Yes")
    await dispatcher.press("Save, and read it back")
    await dispatcher.reads(FRAME, MORE, *SECRETS, NO_LIFT, "What you agreed to")
    code = await dispatcher.text(".code")
    await dispatcher.follow("A slip to print")
    await dispatcher.reads(code)
    await open_it(dispatcher, FRAME)
    return code


async def it_is_shared(harbour: Town, mill: Town) -> None:
    """The dispatcher sees exactly what would be sent, and sends it; nothing left before."""
    dispatcher = harbour.dispatcher
    await dispatcher.follow("Share with others")
    await dispatcher.pick("All neighbouring communities")
    if dispatcher.scripts:
        await dispatcher.sees_beside_the_form(MORE)
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
