"""Reaching somebody: one tap for each try, and when to call back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from node.domain.contact_notes import LATEST_CALL_BACK, WORDS_LIMIT
from node.domain.notices import Notice, Status
from node.services import call_backs, clocks, contact_notes, needs
from node.services.community import Community
from node.storage.tables import contact_notes as rows
from tests.unit.web_members.neighbours import START


async def test_one_tap_notes_it_and_tomorrow_somebody_calls_back(
    dispatcher: Any, need: Notice, community: Community, clock: Any
) -> None:
    path = f"/dispatch/{need.id}"
    hidden = (await dispatcher.get(path)).form(f"{path}/contact")
    page = await dispatcher.post(f"{path}/contact", **hidden, reached="no answer", call_back="usual")
    assert page.location == f"{path}?changed=contact"
    page = await dispatcher.get(page.location)
    assert "So far Sun 4 May 2031, 12:00 UTC , Bo No answer." in page.text
    assert "Call back Mon 5 May 2031, 12:00 UTC ." in page.text
    assert "That is due." not in page.text
    assert (await needs.get(community, need.id)).status is Status.NEW
    clock.go_on(days=1)
    assert "That is due." in (await dispatcher.get(path)).text
    queue = (await dispatcher.get("/dispatch")).html
    assert 'Call back <span class="small pressing"' not in queue  # due now, not over
    clock.go_on(hours=1)
    assert 'Call back <span class="small pressing"' in (await dispatcher.get("/dispatch")).html


async def test_the_next_try_takes_the_place_of_the_call_back_and_speaking_opens_it(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    path = f"/dispatch/{need.id}/contact"
    await dispatcher.post(path, reached="voicemail", call_back="hour")
    await dispatcher.post(path, reached="text", call_back="days")
    [line] = await call_backs.due(community)
    assert line.call_back.due_at == START + timedelta(days=3)
    await dispatcher.post(path, reached="spoke", contact_words="Best before noon.")
    assert await call_backs.due(community) == ()
    assert (await needs.get(community, need.id)).status is Status.OPEN
    text = (await dispatcher.get(f"/dispatch/{need.id}")).text.partition("So far")[2]
    places = [text.index(words) for words in ("We spoke. Best before noon.", "Wrote a message.", "Left a message.")]
    assert places == sorted(places)


async def test_a_second_tap_of_the_same_page_notes_nothing_more(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    path = f"/dispatch/{need.id}"
    hidden = (await dispatcher.get(path)).form(f"{path}/contact")
    for _ in range(2):
        await dispatcher.post(f"{path}/contact", **hidden, reached="no answer")
    async with community.database.reading() as work:
        assert await work.connection.scalar(select(func.count()).select_from(rows)) == 1


async def test_a_day_and_a_time_may_be_said(dispatcher: Any, need: Notice, community: Community) -> None:
    path = f"/dispatch/{need.id}/contact"
    for typed, due in (
        ({"call_back_day": "2031-05-06", "call_back_time": "14:30"}, START.replace(day=6, hour=14, minute=30)),
        ({"call_back_day": "2031-05-07"}, START.replace(day=7, hour=10)),
        ({"call_back_time": "18:00"}, START.replace(hour=18)),
        ({"call_back": "none"}, None),
    ):
        assert (await dispatcher.post(path, reached="no answer", **typed)).status == 303
        assert [line.call_back.due_at for line in await call_backs.due(community)] == ([due] if due else [])


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "reached", "Choose how it went."),
        ({"reached": "shouted"}, "reached", "Choose one of the list."),
        ({"reached": "spoke", "contact_words": "x" * (WORDS_LIMIT + 1)}, "contact_words", "at most 300 characters"),
        ({"reached": "spoke", "contact_words": "Now 020 555 01344"}, "contact_words", "belongs in the sealed note"),
        ({"reached": "spoke", "call_back_time": "25:00"}, "call_back_time", "Write the time as 14:30."),
        ({"reached": "spoke", "call_back_time": "11:00"}, "call_back", "That time is over."),
        ({"reached": "spoke", "call_back_day": "2031-12-01"}, "call_back", "within the next 90 days"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_stays_as_typed(
    dispatcher: Any, need: Notice, community: Community, typed: dict[str, str], field: str, sentence: str
) -> None:
    assert timedelta(days=90) == LATEST_CALL_BACK
    page = await dispatcher.post(f"/dispatch/{need.id}/contact", **typed)
    assert page.status == 422
    assert sentence in page.text
    assert field in page.read.ids
    assert typed.get("contact_words", "") in page.html
    assert ("<details open>" in page.html) == (len(typed) > 1), "what is wrong is not hidden"
    assert "Nobody has noted a try yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text
    assert await call_backs.due(community) == ()


async def test_nobody_has_to_call_back(dispatcher: Any, need: Notice, ask: Any, community: Community) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="no answer")
    [line] = await call_backs.due(community)
    other = await ask(title="Another")
    assert (await dispatcher.post(f"/dispatch/{other.id}/call-backs/{line.call_back.id}/let-be")).status == 404
    path = f"/dispatch/{need.id}/call-backs/{line.call_back.id}"
    assert "There is nothing to ask here." in (await dispatcher.get(path)).text
    assert (await dispatcher.post(path, answer="yes", channel="phone")).status == 409
    for _ in range(2):
        assert (await dispatcher.post(f"{path}/let-be")).location == f"/dispatch/{need.id}?changed=let-be"
    assert await call_backs.due(community) == ()


async def test_who_is_closed_is_not_called_back(dispatcher: Any, need: Notice, community: Community) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="no answer")
    await dispatcher.post(f"/dispatch/{need.id}/status", status="met")
    assert await call_backs.due(community) == ()
    page = await dispatcher.post(f"/dispatch/{need.id}/contact", reached="spoke", call_back="hour")
    assert page.status == 409
    assert "Open it first." in page.text
    assert (await dispatcher.post(f"/dispatch/{need.id}/contact", reached="spoke")).status == 303


async def test_beside_the_opened_note_one_tap_is_enough(dispatcher: Any, need: Notice) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/sealed", reason="call")
    assert {"reached", "call_back", "form_id"} <= page.names(f"/dispatch/{need.id}/contact")


async def test_the_tries_are_erased_with_the_sealed_note(
    dispatcher: Any, need: Notice, community: Community, clock: Any
) -> None:
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="spoke", contact_words="Called from the shop.")
    await dispatcher.post(f"/dispatch/{need.id}/status", status="met")
    clock.go_on(days=15)
    await clocks.run_due(community)
    async with community.database.reading() as work:
        assert await work.contact_notes.of_notice(need.id, 5) == ()
    assert "Called from the shop." not in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_only_the_newest_are_shown(dispatcher: Any, need: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    assert contact_notes.MOST_SHOWN == 50
    monkeypatch.setattr("node.services.contact_notes.MOST_SHOWN", 1)
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="text", contact_words="The older one.")
    await dispatcher.post(f"/dispatch/{need.id}/contact", reached="text", contact_words="The newer one.")
    text = (await dispatcher.get(f"/dispatch/{need.id}")).text
    assert "The newer one." in text or "The older one." in text
    assert not ("The newer one." in text and "The older one." in text)
