"""Safe arrival: the card is released with a tick, the phrase told to both sides apart, and the helper keeps neither."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from node.domain.arrival import ArrivalCard
from node.domain.errors import PeerTrouble
from node.domain.notices import Status
from node.domain.peers import OwnActor
from node.domain.responses import ResponseState
from node.domain.sealed import SealedNote
from node.domain.shares import Level, RecipientState
from node.services import forgetting, handoffs, owners, responses
from node.services.needs import Asked
from node.services.responses import HelpOffer
from tests.federation.pages import Browser
from tests.village import SEALED, Village, befriend, settle

CARD = ArrivalCard(
    at_the_door=("text first", "do not knock"),
    access=("time at the door",),
    language="es",
    interpreter=True,
    pets="a big friendly dog",
    who_may_come="women only",
)
NOTE = SealedNote(name="Amina", contact=SEALED.contact, arrival="The second bell.", arrival_card=CARD)


async def agreed(north: Village, river: Village, release: tuple[str, ...], title: str = "Coats") -> tuple[Asked, str]:
    """A need that River Street has taken on; answers it with the id of River Street's task."""
    asked = await north.ask(title, sealed=NOTE)
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    item = next(entry.item for entry in await river.feed() if entry.item.title == title)
    sent = await responses.offer_help(
        river.community, item.id, HelpOffer(item.available or Decimal(1)), river.dispatcher
    )
    await settle(north, river)
    arrived = (await responses.listing(north.community, asked.notice.id))[0].response
    await responses.agree(north.community, arrived.id, release, None, north.dispatcher)
    await settle(north, river)
    return asked, sent.id


async def test_both_sides_hear_the_same_phrase_and_only_while_it_counts(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked, task = await agreed(north, river, ("name",))
    (coming,) = await owners.coming(north.community, asked.notice.id)
    assert coming.community_name.startswith("River Street Circle")
    read = await handoffs.released(river.community, task, river.dispatcher)
    assert read["meeting_phrase"] == coming.meeting_phrase
    assert len(coming.meeting_phrase.split()) == 2
    await handoffs.set_status(river.community, task, ResponseState.MET, None, river.dispatcher)
    await settle(north, river)
    assert await owners.coming(north.community, asked.notice.id) == ()


async def test_every_agreement_has_a_phrase_of_its_own(north: Village, river: Village) -> None:
    await befriend(river, north)
    told = set()
    for number in range(4):
        asked, _ = await agreed(north, river, (), title=f"Coats {number}")
        told |= {one.meeting_phrase for one in await owners.coming(north.community, asked.notice.id)}
    assert len(told) == 4


async def test_a_phrase_alone_is_told_even_when_nothing_was_ticked(north: Village, river: Village) -> None:
    await befriend(river, north)
    _, task = await agreed(north, river, ())
    assert (await handoffs.released(river.community, task, river.dispatcher)).keys() == {"meeting_phrase"}


async def test_the_owner_reads_it_on_the_code_page_and_the_helper_on_the_task(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked, task = await agreed(north, river, ("name", "arrival_card"))
    (coming,) = await owners.coming(north.community, asked.notice.id)
    async with Browser(north) as owner:
        page = await owner.open(f"/r/{asked.code}")
        assert "The person who comes will say:" in page and coming.meeting_phrase in page
        assert "big friendly dog" not in page
    async with Browser(river) as helper:
        await helper.walk_in(river.dispatcher)
        assert coming.meeting_phrase not in await helper.open(f"/tasks/{task}")
        details = await helper.press(f"/tasks/{task}/details", reason="bring")
        assert coming.meeting_phrase in details
        for words in ("Send a text message first", "Do not knock", "women only", "a big friendly dog", "Español",
                      "needs time to get to the door", "The second bell.", "interprets"):  # fmt: skip
            assert words in details, words


async def test_nothing_of_it_rests_at_the_helper(north: Village, river: Village) -> None:
    """Neither in a table nor in a journal, an outbox or a log: the whole file is searched."""
    await befriend(river, north)
    _, task = await agreed(north, river, ("name", "arrival_card"))
    read = await handoffs.released(river.community, task, river.dispatcher)
    assert read["arrival_card"] == {
        "at_the_door": ["text first", "do not knock"],
        "access": ["time at the door"],
        "language": "es",
        "interpreter": True,
        "pets": "a big friendly dog",
        "who_may_come": "women only",
        "anything_else": "The second bell.",
    }
    phrase = str(read["meeting_phrase"])
    kept = b"".join(path.read_bytes() for path in files_of(river))
    assert b"Coats" in kept, "the search finds what is there"
    for secret in (phrase, phrase.replace(" ", "-"), "big friendly dog", "second bell", "Amina"):
        assert secret.encode() not in kept
    assert phrase.encode() not in b"".join(path.read_bytes() for path in files_of(north)), "nor at the origin"


def files_of(one: Village) -> list[Path]:
    """The database with everything beside it."""
    found = sorted(one.community.settings.data_dir.glob("manyhands.db*"))
    assert found
    return found


async def test_the_card_stays_locked_where_it_was_not_ticked(north: Village, river: Village) -> None:
    await befriend(river, north)
    _, task = await agreed(north, river, ("name", "contact"))
    read = await handoffs.released(river.community, task, river.dispatcher)
    assert read.keys() == {"name", "contact", "meeting_phrase"}


async def test_the_owner_sees_who_has_erased_it(north: Village, river: Village, market: Village) -> None:
    """Erased, still waiting, unreachable: each community by name."""
    await befriend(river, north)
    await befriend(market, north)
    asked = await north.ask()
    await north.share(asked, Level.PEERS)
    await settle(north, river, market)
    (shown,) = await owners.shown_to(north.community, asked.notice.id)
    assert {copy.state for copy in shown.copies} == {RecipientState.SENT}
    await market.close_doors()
    await forgetting.erase_by_code(north.community, asked.code)
    await settle(north, river)
    assert await states(north, asked) == {"River": RecipientState.ERASED, "Market": RecipientState.ERASING}
    async with Browser(north) as owner:
        page = await owner.open(f"/r/{asked.code}")
        assert "has erased it" in page and "the answer is still to come" in page
    for days in (*[1] * 7, 24):
        north.clock.forward(days=days)
        await settle(north, river)
    assert await states(north, asked) == {"River": RecipientState.ERASED, "Market": RecipientState.UNREACHABLE}
    async with Browser(north) as owner:
        assert "could not be reached" in await owner.open(f"/r/{asked.code}")


async def states(north: Village, asked: Asked) -> dict[str, RecipientState]:
    """Each community's copy, by the first word of its name."""
    (shown,) = await owners.shown_to(north.community, asked.notice.id)
    assert shown.ended_at is not None
    return {copy.name.split()[0]: copy.state for copy in shown.copies}


async def test_erasing_ends_what_somebody_has_taken_on(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked, task = await agreed(north, river, ("name",))
    await forgetting.erase_by_code(north.community, asked.code)
    await settle(north, river)
    assert (await responses.get(river.community, task)).response.state is ResponseState.RETURNED
    assert await owners.coming(north.community, asked.notice.id) == ()
    (line,) = await responses.listing(north.community, asked.notice.id)
    assert (line.response.text, line.response.answer) == ("", "")


async def test_what_somebody_has_taken_on_does_not_expire(north: Village, river: Village) -> None:
    await befriend(river, north)
    asked = await north.ask("Coats")
    north.clock.forward(days=50)
    await north.share(asked, Level.PEERS)
    await settle(north, river)
    await river.offer(quantity=4)
    await settle(north, river)
    until = north.clock() + timedelta(days=20)
    arrived = await north.response()
    await responses.agree(north.community, arrived.id, (), until, north.dispatcher)
    north.clock.forward(days=12)
    await north.run_clocks()
    assert (await north.notice(asked.notice.id)).status == Status.TAKEN_ON
    await handoffs.set_status(north.community, arrived.id, ResponseState.RETURNED, None, north.dispatcher)
    await north.run_clocks()
    assert (await north.notice(asked.notice.id)).status == Status.EXPIRED


async def test_strangers_cannot_read_the_phrase(north: Village, river: Village, market: Village) -> None:
    await befriend(river, north)
    await befriend(market, north)
    _, task = await agreed(north, river, ("name",))
    url = (await responses.get(river.community, task)).response.coordination_url
    assert url is not None
    with pytest.raises(PeerTrouble):
        await market.community.remote.read_released(url, OwnActor.PEERS)
