"""The third story: what a steward or dispatcher shares is met by a community that they are linked with."""

from node.domain.categories import name_of
from tests.browser.reader import Reader
from tests.browser.said import FRAME, HOW_HIGH, MORE, OFFERED, RATHER_SMALL, SECRETS, STORE
from tests.browser.town import MILL, Town
from tests.village import settle


async def it_is_shared(harbour: Town, mill: Town) -> None:
    """To a neighbour that could give it. The dispatcher sees exactly what would be sent; nothing left before."""
    dispatcher, theirs = harbour.dispatcher, mill.dispatcher
    await theirs.goes("/capacity")
    await theirs.write("In a few words", STORE)
    await theirs.select("What is it?", name_of("care"))
    await theirs.write("How much?", "4")
    await theirs.write("Until which day?", "2026-11-27")
    await theirs.press("Show me what they would see")
    await theirs.press("Tell them")
    await settle(harbour.village, mill.village)
    await dispatcher.goes("/dispatch")
    await dispatcher.follow(FRAME)
    await dispatcher.reads("Who could help?", STORE)
    await dispatcher.follow("Share with this community", is_whole=False)
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
    """Agreed once and come home by itself, agreed again; each side reads how it ended."""
    ours, theirs, guest = harbour.dispatcher, mill.dispatcher, harbour.guest
    await theirs.goes("/feed")
    await theirs.follow(FRAME)
    await theirs.holds_none_of(*SECRETS)
    await they_ask_first(harbour, mill)
    await they_offer_and_we_agree(harbour, mill)
    await silence_brings_it_home(harbour, mill)
    await they_offer_and_we_agree(harbour, mill)
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


async def they_offer_and_we_agree(harbour: Town, mill: Town) -> None:
    """In the name of their community; two fields of three are released to it, for a time."""
    ours, theirs = harbour.dispatcher, mill.dispatcher
    await theirs.goes("/feed")
    await theirs.follow(FRAME)
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


async def silence_brings_it_home(harbour: Town, mill: Town) -> None:
    """Nobody says a word until the agreed time is over: at the start of the next shift both sides read so."""
    harbour.village.clock.forward(hours=49)
    for one in (harbour, mill):
        await one.village.run_clocks()
        await settle(harbour.village, mill.village)
    for one in (harbour, mill):
        await one.dispatcher.goes("/shift")
        await one.dispatcher.reads("Came home", FRAME)


async def they_ask_first(harbour: Town, mill: Town) -> None:
    """A question about the notice, and its answer; neither says who it is about."""
    ours, theirs = harbour.dispatcher, mill.dispatcher
    await theirs.follow("Ask a question, or read what was answered")
    await theirs.write("Your words", HOW_HIGH)
    await theirs.press("Send it")
    await settle(harbour.village, mill.village)
    await ours.goes("/dispatch")
    await ours.follow(FRAME)
    await ours.reads(HOW_HIGH)
    await ours.write("Your words", RATHER_SMALL)
    await ours.press("Send it")
    await settle(harbour.village, mill.village)
    await theirs.page.reload()
    await theirs.reads(RATHER_SMALL)


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
