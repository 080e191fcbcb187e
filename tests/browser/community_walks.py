"""The fourth story: a community begins, joins with another, rests for a while, and closes in a moment."""

from tests.browser.said import LIFT, PASSWORD, WHO_WE_ARE
from tests.browser.town import HARBOUR, Town
from tests.village import settle

SHEET = b"What do you need?,Name,Who may see this?,Colour\nFood for two,Olu,Fine by me,blue\n"
LINKED = (
    "We receive what they share with neighbouring communities.",
    "They receive what we share with neighbouring communities.",
)


async def a_community_begins(harbour: Town) -> None:
    """Its steward says how it works and what it asks; an invited dispatcher comes in, and comes back by a password."""
    steward, invited = harbour.steward, harbour.dispatcher
    await steward.goes("/account")
    await steward.follow("Our ways")
    await steward.follow("Languages spoken here")
    await steward.press("Save")
    await steward.reads("The languages are saved.")
    await steward.goes("/settings")
    await steward.follow("Our doors")
    await steward.write("Its words", LIFT)
    await steward.press("Save")
    await steward.reads("It is noted. It counts from now on.")
    await steward.goes("/settings")
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


async def a_spreadsheet_is_brought_in(mill: Town) -> None:
    """What it kept on a sheet before stands in its queue once a steward has said what it means; names are sealed."""
    steward = mill.steward
    await steward.goes("/settings")
    await steward.follow("Bring your spreadsheet")
    await steward.hand_in("Your spreadsheet, as CSV", SHEET)
    await steward.press("Continue")
    await steward.press("Continue")
    await steward.select("Fine by me", "Helpers here")
    await steward.write("Words for sharing", "Food for a family")
    await steward.press("Show me what would come in")
    await steward.reads("Nothing is stored yet.", "Food for a family", "Columns that are left out")
    await steward.holds_none_of("Olu")
    await steward.press("Bring them in")
    await steward.reads("They are in", "Food for a family")
    await mill.dispatcher.goes("/dispatch")
    await mill.dispatcher.holds_none_of("Olu")
    await mill.dispatcher.follow("Food for a family")
    await mill.dispatcher.select("Why are you opening it?", "to call them")
    await mill.dispatcher.press("Open the sealed note")
    await mill.dispatcher.reads("Olu")


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


async def it_rests_pauses_and_seals(harbour: Town, mill: Town, code: str) -> None:
    """Neighbours read until when it rests; one of them pauses the link; sealed, it shows one sentence to everybody."""
    ours, theirs = harbour.steward, mill.steward
    await ours.goes("/rest")
    await ours.write("The last day of the rest", "2026-11-27")
    await ours.press("Rest until then")
    await settle(harbour.village, mill.village)
    await theirs.goes("/peers")
    await theirs.follow(HARBOUR)
    await theirs.reads("They rest")
    await theirs.press("Pause")
    await theirs.reads(
        "The link rests. Nothing new is sent or taken in until you start it again. What is under way goes on."
    )
    await theirs.press("Start it again")
    await ours.press("We are back already")
    await ours.reads("We are back, and our neighbours are told.")
    await ours.goes("/account")
    await ours.follow("Seal everything")
    await ours.write("Passphrase", PASSWORD)
    await ours.write("The same once more", PASSWORD)
    await ours.press("Choose this passphrase")
    await ours.press("Seal everything now")
    await harbour.guest.goes(f"/r/{code}")
    for one in (ours, harbour.guest):
        await one.reads("We are closed for now")
