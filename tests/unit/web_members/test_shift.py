"""The start of a shift: what was handed over, and whom to call."""

from typing import Any

import pytest
from sqlalchemy import select

from node.domain.hand_over import KEPT, MOST_NOTES, TEXT_LIMIT
from node.domain.notices import Kind, Notice
from node.domain.shifts import MOST_HANDS, MOST_SHIFTS
from node.services import clocks, hand_over
from node.services.community import Community
from node.storage.tables import shift_hands


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


NIGHT = {"shift": "Telephone", "day": "2031-05-05", "from": "20:00", "until": "02.30", "weeks": "2"}


def taking(page: Any) -> str:
    """Where the first shift of the list is taken."""
    return str(next(form["action"] for form in page.read.forms if form["action"].endswith("/take")))


async def test_a_shift_is_written_down_taken_let_go_and_forgotten(
    dispatcher: Any, steward: Any, community: Community, clock: Any
) -> None:
    hidden = (await dispatcher.get("/shift")).form("/shift/times")
    for _ in range(2):
        assert (await dispatcher.post("/shift/times", **hidden, **NIGHT)).location == "/shift"
    page = await steward.get("/shift")
    assert page.text.count("I take it") == 2, "two weeks, and sent twice is once"
    assert "Mon 5 May 2031, 20:00 UTC – Tue 6 May 2031, 02:30 UTC" in page.text
    take = taking(page)
    for _ in range(2):
        assert (await steward.post(take)).location == "/shift"
    assert "Amina" in (await dispatcher.get("/shift")).text
    assert (await steward.post(take.replace("/take", "/let-go"))).status == 303
    assert "Amina" not in (await dispatcher.get("/shift")).text
    await steward.post(take)
    clock.go_on(days=2, hours=3)
    await clocks.run_due(community)
    assert (await dispatcher.get("/shift")).text.count("I take it") == 1
    assert (await steward.post(take)).status == 404
    async with community.database.reading() as work:
        assert (await work.connection.execute(select(shift_hands))).all() == []
    later = taking(await steward.get("/shift"))
    await steward.post(later.replace("/take", "/take-off"))
    assert "None is written down." in (await dispatcher.get("/shift")).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"shift": " "}, "Say in a word what it is."),
        ({"shift": "x" * 121}, "at most 120 characters"),
        ({"shift": "Ring 020 555 01344"}, "No numbers or e-mail addresses"),
        ({"day": ""}, "Write down the day."),
        ({"from": "25:00"}, "Write the time as 14:30."),
        ({"day": "2031-05-01"}, "This is over already."),
        ({"day": "2033-05-01"}, "the coming year only"),
        ({"day": "9999-12-31"}, "the coming year only"),
        ({"weeks": "13"}, "from 1 to 12"),
        ({"weeks": "999999999999"}, "from 1 to 12"),
        ({"weeks": "1.5"}, "Write a whole number."),
    ],
)
async def test_a_shift_that_cannot_be_stays_as_typed(dispatcher: Any, wrong: dict[str, str], sentence: str) -> None:
    page = await dispatcher.post("/shift/times", **(NIGHT | wrong))
    assert (page.status, sentence in page.text, 'value="02.30"' in page.html) == (422, True, True)
    assert "None is written down." in page.text


async def test_no_more_shifts_and_hands_than_anybody_looks_through(
    dispatcher: Any, steward: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (MOST_SHIFTS, MOST_HANDS) == (200, 12)
    monkeypatch.setattr("node.domain.shifts.MOST_SHIFTS", 2)
    monkeypatch.setattr("node.domain.shifts.MOST_HANDS", 1)
    assert (await dispatcher.post("/shift/times", **NIGHT)).status == 303
    page = await dispatcher.post("/shift/times", **(NIGHT | {"weeks": "1"}))
    assert (page.status, "There are 2 shifts already." in page.text) == (409, True)
    take = taking(page)
    assert (await dispatcher.post(take)).status == 303
    assert (await steward.post(take)).status == 409
