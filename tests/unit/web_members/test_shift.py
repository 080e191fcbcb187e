"""The start of a shift: what was handed over, and whom to call."""

from typing import Any

import pytest

from node.domain.hand_over import KEPT, MOST_NOTES, TEXT_LIMIT
from node.domain.notices import Kind, Notice
from node.services import clocks, hand_over
from node.services.community import Community


async def test_one_shift_leaves_a_note_and_the_next_takes_it_off(dispatcher: Any, steward: Any) -> None:
    hidden = (await dispatcher.get("/shift")).form("/shift")
    for _ in range(2):
        assert (await dispatcher.post("/shift", **hidden, text=" The van is <away>. ")).location == "/shift"
    page = await steward.get("/shift")
    assert page.text.count("The van is <away>.") == 2  # the note, and what the button is about
    assert "Sun 4 May 2031, 12:00 UTC , Bo The van is <away>." in page.text
    [path] = [form["action"] for form in page.read.forms if form["action"].endswith("/take-off")]
    for _ in range(2):
        assert (await steward.post(path)).location == "/shift"
    assert "Nobody has left a note." in (await dispatcher.get("/shift")).text


async def test_whom_to_call_stands_there_by_day(dispatcher: Any, ask: Any, need: Notice, clock: Any) -> None:
    soup = await ask(Kind.OFFER, title="Soup on Mondays")
    await dispatcher.post(f"/dispatch/{soup.id}/contact", reached="no answer", call_back="days")
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="no answer", call_back="hour")
    clock.go_on(hours=2)
    page = await dispatcher.get("/shift")
    places = [page.text.index(w) for w in ("To call today", need.wording.title, "To call later", "Soup on Mondays")]
    assert places == sorted(places)
    assert page.html.count("small pressing") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" ", "Write a few words first."),
        ("x" * (TEXT_LIMIT + 1), "at most 1000 characters"),
        ("Ruta has 020 555 01344 now", "belongs in the sealed note"),
    ],
)
async def test_what_cannot_be_left_stays_as_typed(dispatcher: Any, text: str, sentence: str) -> None:
    page = await dispatcher.post("/shift", text=text)
    assert page.status == 422
    assert sentence in page.text
    assert text in page.html
    assert "Nobody has left a note." in (await dispatcher.get("/shift")).text


async def test_a_full_board_takes_no_more(dispatcher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_NOTES == 50
    monkeypatch.setattr("node.domain.hand_over.MOST_NOTES", 1)
    await dispatcher.post("/shift", text="The first.")
    page = await dispatcher.post("/shift", text="The second.")
    assert page.status == 409
    assert "The second." in page.html and "Take off what is done" in page.text


async def test_it_goes_by_itself(dispatcher: Any, community: Community, clock: Any) -> None:
    assert KEPT.days == 14
    await dispatcher.post("/shift", text="The van is away.")
    clock.go_on(days=14)
    await clocks.run_due(community)
    assert "The van is away." in (await dispatcher.get("/shift")).text
    clock.go_on(seconds=1)
    await clocks.run_due(community)
    async with community.database.reading() as work:
        assert await work.hand_over.newest(hand_over.MOST_NOTES) == ()


async def test_a_helper_does_not_read_it(helper: Any) -> None:
    assert (await helper.get("/shift")).status == 403
