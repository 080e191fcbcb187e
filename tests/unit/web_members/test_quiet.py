"""Enough for today, and quiet hours: everybody's own to say."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from node.domain.errors import Invalid
from node.domain.quiet import Quiet, hours_from
from node.services import members, quiet
from node.services.community import Community
from tests.unit.web_members.test_board import bo, shelf

__all__ = ["bo", "shelf"]

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "hour", "is_quiet"),
    [("21:30", "8.00", 21, True), ("21:30", "8:00", 6, True), ("21:30", "8:00", 7, False), ("21:30", "8:00", 12, False),
     ("13:00", "14:00", 12, True), ("13:00", "14:00", 13, False), ("", "", 3, False), ("٢١:٣٠", "٨:٠٠", 21, True)],
)  # fmt: skip
def test_quiet_hours_are_those_of_the_communitys_clock(since: str, until: str, hour: int, is_quiet: bool) -> None:
    wanted = Quiet(None, *hours_from(since, until))
    assert wanted.is_quiet(NOON.replace(hour=hour), LONDON) is is_quiet  # an hour later there


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        ("late", "8:00", {"since"}),
        ("21:30", "", {"until"}),
        ("24:00", "8:60", {"since", "until"}),
        ("8:00", "8.00", {"until"}),
    ],
)
def test_what_is_no_time_is_said(since: str, until: str, wrong: set[str]) -> None:
    with pytest.raises(Invalid) as problem:
        hours_from(since, until)
    assert problem.value.fields.keys() == wrong


async def test_enough_for_today(helper: Any, shelf: Any, clock: Any, community: Community) -> None:
    assert "Carry a shelf" in (await helper.get("/board")).text
    assert (await helper.post("/board/enough")).location == "/board"
    page = await helper.get("/board")
    assert "Carry a shelf" not in page.text
    assert "Rest well." in page.text
    cai = await members.by_name(community, "Cai")
    async with community.database.reading() as work:
        assert not await quiet.may_be_told(community, work, cai.id)
    await helper.post("/board/enough", **{"not": "yes"})
    assert "Carry a shelf" in (await helper.get("/board")).text
    await helper.post("/board/enough")
    clock.at += timedelta(days=1)
    assert "Carry a shelf" in (await helper.get("/board")).text


async def test_quiet_hours_are_set_and_ended(helper: Any, dispatcher: Any, community: Community) -> None:
    wrong = await helper.post("/account/quiet", since="late", until="8:00")
    assert wrong.status == 422
    assert 'value="late"' in wrong.html
    await helper.post("/account/quiet", since="21.30", until="8:00")
    assert 'value="21:30"' in (await helper.get("/account/quiet")).html
    assert 'value="21:30"' not in (await dispatcher.get("/account/quiet")).html
    cai = await members.by_name(community, "Cai")
    assert await quiet.of(community, cai) == Quiet(None, time(21, 30), time(8))
    await helper.post("/account/quiet", since="", until="")
    assert await quiet.of(community, cai) == Quiet()
