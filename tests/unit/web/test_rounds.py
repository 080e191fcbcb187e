"""What repeats comes back by itself under its code; what nobody speaks for is asked about before it ends."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from node.domain.consent import Consent
from node.domain.notices import Kind, Notice, Status, Wording
from node.domain.repeating import Repeat
from node.domain.sealed import Contact, SealedNote
from node.services import clocks, consents, needs, owners
from node.services.community import Community
from node.services.needs import Asked, Entry

NOTE = SealedNote(name="Kim", contact=(Contact("phone", "07700 900123"),))
DAY = timedelta(days=1)
TUESDAY = date(2031, 5, 6)  # the clock of these tests begins on the Sunday before


async def ask(community: Community, wording: Wording, standing: bool = False, kind: Kind = Kind.NEED) -> Asked:
    """A need or an offer that was taken in, with a yes to all neighbours."""
    return await needs.ask(community, Entry(kind, wording, NOTE, Consent(peers="all"), standing=standing))


def weekly(until: date | None = None, repeat: Repeat = Repeat.WEEKLY, day: date | None = TUESDAY) -> Wording:
    return Wording("Groceries", "groceries", needed_by=day, repeat=repeat, repeat_until=until)


def words(page: Any) -> str:
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", page.html).split())


async def now(community: Community, asked: Asked) -> Notice:
    await clocks.run_due(community)
    return await needs.get(community, asked.notice.id)


async def test_a_weekly_need_that_was_met_comes_back_with_all_that_was_agreed(
    visitor: Any, community: Community, wait: Any
) -> None:
    asked = await ask(community, weekly())
    await needs.change_status_by_code(community, asked.code, Status.MET)
    met = await now(community, asked)
    assert (met.status, met.returns_on) == (Status.MET, date(2031, 5, 13))
    page = await visitor.open(f"/r/{asked.code}")
    assert "It comes back by itself for Tue 13 May 2031" in words(page)
    assert "No longer needed" in page.html
    wait(5 * DAY)
    assert (await now(community, asked)).status == Status.MET
    wait(DAY)
    back = await now(community, asked)
    assert (back.status, back.wording.needed_by, back.returns_on) == (Status.OPEN, date(2031, 5, 13), None)
    assert back.consent.covers_all_peers and len(await consents.history(community, back.id)) == 2
    assert await owners.has_sealed_note(community, back.id)
    assert (await needs.by_code(community, asked.code)) == back


async def test_the_sealed_note_stays_between_rounds_and_goes_after_the_last(community: Community, wait: Any) -> None:
    asked = await ask(community, weekly(repeat=Repeat.MONTHLY, until=date(2031, 6, 10)))
    await needs.change_status_by_code(community, asked.code, Status.MET)
    wait(20 * DAY)
    await clocks.run_due(community)
    assert await owners.has_sealed_note(community, asked.notice.id), "it is needed on 6 June again"
    wait(10 * DAY)
    assert (await now(community, asked)).wording.needed_by == date(2031, 6, 6)
    await needs.change_status_by_code(community, asked.code, Status.MET)
    assert (await now(community, asked)).is_over, "the next one would be on 6 July"
    wait(15 * DAY)
    await clocks.run_due(community)
    assert not await owners.has_sealed_note(community, asked.notice.id)


@pytest.mark.parametrize("steps", [1, 24])
async def test_it_is_the_same_whether_the_node_was_up_or_down_meanwhile(
    community: Community, wait: Any, steps: int
) -> None:
    asked = await ask(community, weekly())
    await needs.change_status_by_code(community, asked.code, Status.MET)
    for _ in range(steps):
        wait(24 * DAY / steps)
        await clocks.run_due(community)
    found = await now(community, asked)
    assert (found.status, found.wording.needed_by) == (Status.OPEN, date(2031, 5, 27))
    assert found.rounds_from == TUESDAY


async def test_a_round_that_was_not_met_gives_way_to_the_next_and_a_paused_one_stays_paused(
    community: Community, wait: Any
) -> None:
    asked = await ask(community, weekly())
    paused = await ask(community, weekly())
    await needs.change_status_by_code(community, paused.code, Status.PAUSED)
    wait(5 * DAY)
    assert (await now(community, asked)).wording.needed_by == TUESDAY, "somebody may only be late"
    wait(DAY)
    assert (await now(community, asked)).wording.needed_by == date(2031, 5, 13)
    found = await now(community, paused)
    assert (found.status, found.wording.needed_by) == (Status.PAUSED, date(2031, 5, 13))


async def test_without_a_certain_day_it_comes_back_a_week_after_it_was_met(community: Community, wait: Any) -> None:
    asked = await ask(community, weekly(day=None))
    wait(2 * DAY)
    await needs.change_status_by_code(community, asked.code, Status.MET)
    wait(6 * DAY)
    assert (await now(community, asked)).status == Status.MET
    wait(DAY)
    assert (await now(community, asked)).status == Status.OPEN


async def test_whoever_ends_it_between_rounds_has_ended_it(visitor: Any, community: Community, wait: Any) -> None:
    asked = await ask(community, weekly())
    await needs.change_status_by_code(community, asked.code, Status.MET)
    await visitor.open(f"/r/{asked.code}")
    await visitor.press("No longer needed")
    wait(30 * DAY)
    found = await now(community, asked)
    assert (found.status, found.returns_on) == (Status.NO_LONGER_NEEDED, None)


async def test_before_it_ends_by_itself_its_owner_is_asked_and_one_tap_answers(
    visitor: Any, community: Community, wait: Any
) -> None:
    asked = await ask(community, Wording("A lift", "transport"))
    wait(50 * DAY - timedelta(minutes=1))
    assert "Do you still need this?" not in (await visitor.open(f"/r/{asked.code}")).html
    wait(timedelta(minutes=1))
    page = await visitor.open(f"/r/{asked.code}")
    assert "Do you still need this?" in page.html and "it ends by itself on Thu 3 Jul 2031" in words(page)
    page = await visitor.press("I still need this")
    assert "Do you still need this?" not in page.html
    wait(59 * DAY)
    assert (await now(community, asked)).status == Status.NEW
    wait(2 * DAY)
    assert (await now(community, asked)).status == Status.EXPIRED


async def test_a_standing_offer_never_ends_by_itself_and_is_asked_about_once_a_year(
    visitor: Any, community: Community, wait: Any
) -> None:
    asked = await ask(community, Wording("A van", "transport"), standing=True, kind=Kind.OFFER)
    wait(364 * DAY)
    assert "Is this still on offer?" not in (await visitor.open(f"/r/{asked.code}")).html
    wait(DAY)
    assert "Is this still on offer?" in (await visitor.open(f"/r/{asked.code}")).html
    wait(2000 * DAY)
    assert (await now(community, asked)).status == Status.NEW
    await visitor.open(f"/r/{asked.code}")
    assert "Is this still on offer?" not in (await visitor.press("It is still on offer")).html
