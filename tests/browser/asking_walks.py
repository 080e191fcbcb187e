"""The first two stories: somebody asks, and a helper of the community comes; a dispatcher takes a telephone call."""

from node.domain.categories import name_of
from node.domain.notices import Kind, Status
from node.services import needs
from node.web.consent_words import TO_HELPER
from tests.browser.reader import Reader
from tests.browser.said import (
    CALLED,
    CART,
    FRAME,
    HANDED_OVER,
    LIFT,
    MORE,
    NO_LIFT,
    NUMBER,
    SECRETS,
    WARDROBE,
    WARDROBE_DOWN,
)
from tests.browser.town import Town


async def ask(guest: Reader) -> str:
    """From the front page through five pages of asking, as somebody without an account; answers the code.

    With scripts it is seen beside the form what others would see, and the line breaks once: nothing of it is lost.
    """
    await guest.goes("/")
    await guest.follow("I need something", is_whole=False)
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
        await guest.is_told("It is copied.")
    return await guest.text(".code")


async def somebody_asks_and_a_helper_comes(harbour: Town) -> str:
    """A guest asks; a dispatcher speaks with them; a helper takes it on, comes, and keeps nothing. Answers the code."""
    guest, helper = harbour.guest, harbour.helper
    code = await ask(guest)
    await open_it(harbour.dispatcher, WARDROBE, *SECRETS, NO_LIFT)
    await guest.goes(f"/r/{code}")
    await guest.reads("to call you")
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
    return code


async def two_are_brought_together(harbour: Town, code: str) -> None:
    """The owner asks for the same again, in other words; a dispatcher finds an offer; then all of it is erased."""
    guest, dispatcher = harbour.guest, harbour.dispatcher
    await guest.goes(f"/r/{code}")
    await guest.follow("Ask for the same again, without filling it in")
    await guest.press("Send it to the dispatchers")
    code = await guest.text(".code")
    await guest.follow("Look at my request")
    await guest.follow("Correct these words")
    await guest.write("In a few words", WARDROBE_DOWN)
    await guest.press("Save")
    await guest.press("Pause for now")
    await guest.reads("It is paused. Nobody works on it until you start it again.", WARDROBE_DOWN)
    await guest.press("I still need this")
    offered = await harbour.village.ask(CART, kind=Kind.OFFER, category="repairs")
    await needs.change_status(harbour.village.community, offered.notice.id, Status.OPEN, harbour.village.dispatcher)
    await open_it(dispatcher, WARDROBE_DOWN)
    await dispatcher.follow("Offers that may fit")
    await dispatcher.press("Propose it", about=CART)
    await dispatcher.press("Both agree", about=CART)
    await dispatcher.press("It is done", about=CART)
    await guest.goes(f"/r/{code}")
    await guest.reads("This is sorted.")
    await guest.follow("Erase everything now")
    await guest.press("Yes, erase everything")
    await dispatcher.goes("/dispatch")
    await dispatcher.holds_none_of(WARDROBE_DOWN)


async def open_it(dispatcher: Reader, title: str, *sealed: str) -> None:
    """A dispatcher finds it in the queue, notes by one tap that they spoke, and that it is open.

    Where it says who it is about, they read that in the sealed note first, which says so on its owner's page.
    """
    await dispatcher.goes("/dispatch")
    await dispatcher.holds_none_of(*sealed)
    await dispatcher.follow(title)
    if sealed:
        await dispatcher.select("Why are you opening it?", "to call them")
        await dispatcher.press("Open the sealed note")
        await dispatcher.reads(*sealed)
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
