"""A dispatcher's calendar: days, categories and areas by a private link, and nothing of anybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar

from node.api import calendar
from node.context import COMMUNITY
from node.domain.categories import CategoryChange, OwnCategories
from node.domain.errors import NotAllowed
from node.domain.members import Member, Role
from node.domain.notices import Kind, Status, Wording
from node.domain.practice import Practice
from node.domain.repeating import Repeat
from node.domain.sealed import SealedNote
from node.services import calendars, categories, members, needs, shifts
from node.services.community import Community, profile, save_profile
from node.services.needs import Asked, Entry
from node.services.shifts import ShiftDraft


@pytest.fixture
async def dispatcher(community: Community) -> Member:
    """Whose calendar it is."""
    return await members.add(community, "Amina", frozenset({Role.DISPATCHER}))


@pytest.fixture
async def machine(community: Community) -> AsyncIterator[TestClient[Any, Any]]:
    """A calendar program: no cookies, no sessions."""
    app = web.Application()
    app[COMMUNITY] = community
    calendar.setup(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def ask(community: Community, day: date | None, repeat: Repeat = Repeat.ONCE, until: date | None = None) -> Asked:
    """A need with a day."""
    wording = Wording("Insulin", "health", "Kept cold.", "Riverside", needed_by=day, repeat=repeat, repeat_until=until)
    return await needs.ask(community, Entry(Kind.NEED, wording, SealedNote(name="Kim")))


async def events(machine: TestClient[Any, Any], link: str) -> list[Any]:
    """What the program reads."""
    answer = await machine.get(link[link.index("/calendar.ics") :])
    assert (answer.status, answer.content_type) == (200, "text/calendar")
    text = await answer.text()
    assert "Insulin" not in text and "Kept" not in text and "Kim" not in text
    return list(Calendar.from_ical(text).walk("VEVENT"))


async def test_a_category_of_our_own_is_called_as_we_call_it(
    community: Community, dispatcher: Member, machine: TestClient[Any, Any]
) -> None:
    amina = await members.add(community, "Noor", frozenset({Role.STEWARD}))
    await categories.add(community, CategoryChange("", "Bike repair", like="repairs"), amina)
    wording = Wording("A tyre", "repairs", area="Riverside", needed_by=date(2031, 5, 6), own_category="own-bike-repair")
    await needs.ask(community, Entry(Kind.NEED, wording, SealedNote(name="Kim")))
    (event,) = await events(machine, await calendars.make_link(community, dispatcher))
    assert str(event["summary"]) == "Bike repair, Riverside"


async def test_days_and_rounds_stand_in_it_without_words(
    community: Community, dispatcher: Member, machine: TestClient[Any, Any]
) -> None:
    link = await calendars.make_link(community, dispatcher)
    once = await ask(community, date(2031, 5, 6))
    await ask(community, date(2031, 5, 31), Repeat.MONTHLY, until=date(2031, 12, 31))
    await ask(community, None)
    met = await ask(community, date(2031, 5, 7), Repeat.TWO_WEEKLY)
    await needs.change_status_by_code(community, met.code, Status.MET)
    found = {event.decoded("dtstart"): event for event in await events(machine, link)}
    assert set(found) == {date(2031, 5, 6), date(2031, 5, 31), date(2031, 5, 21)}
    assert str(found[date(2031, 5, 6)]["summary"]) == "Health, Riverside"
    rule = found[date(2031, 5, 31)]["rrule"].to_ical().decode()
    assert rule == "FREQ=MONTHLY;UNTIL=20311231;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    assert found[date(2031, 5, 21)]["rrule"].to_ical() == b"FREQ=WEEKLY;INTERVAL=2"
    await needs.change_status_by_code(community, once.code, Status.MET)
    assert len(await events(machine, link)) == 2
    renamed = OwnCategories(names={"health": "Well-being"})
    await save_profile(community, replace(await profile(community), categories=renamed))
    assert {str(event["summary"]) for event in await events(machine, link)} == {"Well-being, Riverside"}
    await save_profile(community, replace(await profile(community), practice=Practice.ON))
    assert await events(machine, link) == [], "practised days stand in nobody's calendar"


async def test_shifts_stand_in_it_without_who_takes_them(
    community: Community, dispatcher: Member, machine: TestClient[Any, Any]
) -> None:
    start = community.now() + timedelta(hours=3)
    await shifts.write(community, ShiftDraft(start, start + timedelta(hours=2), "Telephone"), dispatcher)
    [line] = await shifts.listing(community, dispatcher)
    await shifts.take(community, line.shift.id, dispatcher)
    [event] = await events(machine, await calendars.make_link(community, dispatcher))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start, start + timedelta(hours=2))
    assert str(event["summary"]) == "Telephone"
    assert "Amina" not in event.to_ical().decode()


async def test_a_link_ends_with_the_next_one_with_a_word_and_with_the_role(
    community: Community, dispatcher: Member, machine: TestClient[Any, Any]
) -> None:
    first = await calendars.make_link(community, dispatcher)
    second = await calendars.make_link(community, dispatcher)
    assert (await machine.get(first.removeprefix(community.base_url))).status == 404
    assert await events(machine, second) == []
    await calendars.end_link(community, dispatcher)
    assert (await machine.get(second.removeprefix(community.base_url))).status == 404
    assert (await machine.get("/calendar.ics")).status == 404
    helper = await members.add(community, "Noor", frozenset({Role.HELPER}))
    with pytest.raises(NotAllowed):
        await calendars.make_link(community, helper)
