"""A clock for each kind of record: time passes, and it is gone. Stewards set them, and each record names its own."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from node.domain.errors import Invalid, NotAllowed
from node.domain.members import Member, Role
from node.domain.notices import Kind, Status, Wording
from node.domain.retention import Clocks
from node.domain.sealed import Contact, SealedNote
from node.services import clocks, forgetting, members, needs, retention, sign_in
from node.services.community import Community, profile, save_profile
from node.services.needs import Asked, Entry
from node.storage.audit import AuditEntry
from node.storage.replays import KeptAnswer
from node.storage.tables import metadata
from tests.unit.web_members.neighbours import complaint, message, soup

NOTE = SealedNote(name="Kim", contact=(Contact("phone", "07700 900123"),))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def ask(community: Community, number: int = 1, category: str = "transport") -> Asked:
    """A request that was taken in."""
    wording = Wording("A lift to the clinic", category, text="Mornings.", area="Riverside")
    return await needs.ask(community, Entry(Kind.NEED, wording, NOTE), form_id=f"form-{number}")


async def rows(community: Community, name: str) -> list[dict[str, Any]]:
    """Everything that lies in one table."""
    async with community.database.reading() as work:
        found = await work.connection.execute(select(metadata.tables[name]))
        return [dict(row._mapping) for row in found]


async def everything(community: Community) -> dict[str, list[dict[str, Any]]]:
    """Everything that lies in every table."""
    return {name: await rows(community, name) for name in metadata.tables}


async def forgotten(community: Community) -> dict[str, int]:
    """What one round by hand forgets, by kind, without the kinds of which nothing was due."""
    return {one.kind: one.how_many for one in await retention.run(community) if one.how_many}


@pytest.fixture
async def steward(community: Community) -> Member:
    """Who may set the clocks."""
    return await members.add(community, "Bo", frozenset({Role.STEWARD}))


def words(page: Any) -> str:
    """What stands on a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", page.html).split())


async def walk_in(visitor: Any, community: Community, member: Member) -> None:
    """By a one-time link."""
    link = await sign_in.make_link(community, member.id)
    await visitor.open(link.removeprefix(community.base_url))
    await visitor.press(f"Sign in as {member.name}")


async def test_of_a_form_that_is_not_sent_nothing_is_kept_at_all(visitor: Any, community: Community) -> None:
    """The clock of unfinished drafts shows zero: there are none."""
    before = await everything(community)
    await visitor.open("/ask")
    await visitor.press("Continue", title="A lift to the clinic", category="transport")
    await visitor.press("Continue", name="Kim", method="phone", contact="07700 900123")
    await visitor.press("Continue", pets="a cat")
    page = await visitor.press("Continue", who="dispatchers")
    assert "Send it to the dispatchers" in page.html
    assert await everything(community) == before


async def test_a_sealed_note_goes_14_days_after_closing(community: Community, wait: Any) -> None:
    asked = await ask(community)
    wait(20 * DAY)
    await needs.change_status_by_code(community, asked.code, Status.MET)
    wait(14 * DAY - HOUR)
    assert await forgotten(community) == {}
    assert len(await rows(community, "sealed_keys")) == 1
    wait(2 * HOUR)
    assert await forgotten(community) == {"sealed notes": 1}
    assert await rows(community, "sealed_keys") == await rows(community, "sealed_notes") == []
    assert (await needs.get(community, asked.notice.id)).wording.text == "Mornings."


async def test_words_go_90_days_after_closing_and_a_number_stays(community: Community, wait: Any) -> None:
    asked = await ask(community)
    await needs.change_status_by_code(community, asked.code, Status.MET)
    wait(90 * DAY - HOUR)
    await clocks.run_due(community)
    assert (await needs.get(community, asked.notice.id)).wording.text == "Mornings."
    wait(2 * HOUR)
    assert await forgotten(community) == {"needs and offers, reduced to numbers": 1}
    (left,) = await rows(community, "past")
    said = {"month": "2031-05", "kind": "need", "category": "transport", "area": "Riverside"}
    assert left == said | {"how_many": 1, "met": 1}
    (notice,) = await rows(community, "notices")
    assert (notice["title"], notice["text"], notice["area"]) == ("Transport", "", "")
    assert await rows(community, "consents") == []


async def test_after_the_receipt_nothing_is_left_but_the_number(community: Community, wait: Any) -> None:
    asked = await ask(community)
    await forgetting.erase_by_code(community, asked.code)
    wait(90 * DAY - HOUR)
    assert await forgotten(community) == {}
    assert (await needs.by_code(community, asked.code)).erased_at is not None
    wait(2 * HOUR)
    assert await forgotten(community) == {"receipts of what was erased": 1}
    assert await rows(community, "notices") == []
    (left,) = await rows(community, "past")
    assert (left["area"], left["how_many"]) == ("", 1), "whoever erases it themselves leaves no area"


async def test_small_numbers_are_not_told(visitor: Any, community: Community, steward: Member) -> None:
    for number in range(5):
        await forgetting.erase_by_code(community, (await ask(community, number)).code)
    await forgetting.erase_by_code(community, (await ask(community, 9, "meals")).code)
    await walk_in(visitor, community, steward)
    page = await visitor.open("/keeping")
    assert "May 2031 – Need, Transport – 5" in page.html
    assert "May 2031 – Need, Meals – fewer than 5" in page.html


async def test_a_line_of_the_log_goes_after_180_days(community: Community, wait: Any) -> None:
    async with community.database.unit_of_work() as work:
        await work.audit.add(AuditEntry(community.now(), None, "did something", "somewhere"))
    wait(180 * DAY - HOUR)
    await clocks.run_due(community)
    assert "did something" in {line["action"] for line in await rows(community, "audit")}
    wait(2 * HOUR)
    await clocks.run_due(community)
    assert "did something" not in {line["action"] for line in await rows(community, "audit")}


async def test_a_session_ends_after_30_days(visitor: Any, community: Community, steward: Member, wait: Any) -> None:
    await walk_in(visitor, community, steward)
    assert "until Tue 3 Jun 2031" in words(await visitor.open("/account"))
    wait(30 * DAY - HOUR)
    await clocks.run_due(community)
    assert (await visitor.open("/account")).heading == "Your account"
    wait(2 * HOUR)
    await clocks.run_due(community)
    assert await rows(community, "sessions") == []
    assert (await visitor.open("/account")).heading != "Your account"


async def test_a_sign_in_link_ends_after_a_day(community: Community, steward: Member, wait: Any) -> None:
    await sign_in.make_link(community, steward.id)
    wait(DAY + HOUR)
    assert (await forgotten(community))["sessions and sign-in links"] == 1
    assert await rows(community, "sign_in_links") == []


async def test_a_copy_of_another_communitys_notice_goes_7_days_after_its_end(community: Community, wait: Any) -> None:
    async with community.database.unit_of_work() as work:
        await work.feed.add(soup("soup"))
        await work.feed.add(replace(soup("without an end"), ends_at=None))
    wait(5 * DAY + 7 * DAY - HOUR)
    assert await forgotten(community) == {}
    wait(2 * HOUR)
    assert await forgotten(community) == {"copies of other communities' notices": 1}
    wait(25 * DAY)
    assert await forgotten(community) == {"copies of other communities' notices": 1}
    assert await rows(community, "feed_items") == []


async def test_messages_and_reports_of_strangers_go_after_30_days(community: Community, wait: Any) -> None:
    async with community.database.unit_of_work() as work:
        await work.enquiries.add(message())
        await work.reports.add(complaint())
    wait(30 * DAY - HOUR)
    assert await forgotten(community) == {}
    wait(2 * HOUR)
    assert await forgotten(community) == {"messages and reports of strangers": 2}
    assert await rows(community, "enquiries") == await rows(community, "reports") == []


async def test_what_others_sent_and_what_programs_were_answered_goes(
    community: Community, steward: Member, wait: Any
) -> None:
    async with community.database.unit_of_work() as work:
        await work.replays.add(steward.id, "key", KeptAnswer("f", 200, b"{}"), community.now())
        received = {"origin": "a", "type": "Follow", "actor": "a", "body": b"{}", "attempts": 1}
        for state in ("handled", "failed", "waiting"):
            done = {"activity_id": state, "received_at": community.now(), "state": state, "trouble": ""}
            values = received | done | {"due_at": community.now()}
            await work.connection.execute(insert(metadata.tables["journal"]).values(values))
    wait(2 * DAY - HOUR)
    assert await forgotten(community) == {}
    wait(2 * HOUR)
    assert await forgotten(community) == {"answers kept for programs": 1}
    wait(28 * DAY)
    assert await forgotten(community) == {"activities received from other servers": 2}
    assert [row["state"] for row in await rows(community, "journal")] == ["waiting"]
    assert await rows(community, "replays") == []


async def test_a_steward_sets_the_clocks_for_what_is_here_already_too(
    visitor: Any, community: Community, steward: Member, wait: Any
) -> None:
    asked = await ask(community)
    await needs.change_status_by_code(community, asked.code, Status.MET)
    await walk_in(visitor, community, steward)
    await visitor.open("/keeping")
    page = await visitor.press("Save", sealed_notes="3", notices="10", log="60", sessions="2")
    assert "It is noted for how long things are kept." in page.html
    assert (await profile(community)).clocks == Clocks(3, 10, 60, 2)
    assert "until Tue 6 May 2031" in words(await visitor.open("/account"))
    page = await visitor.open(f"/r/{asked.code}")
    assert "Wed 7 May 2031" in page.html and "Wed 14 May 2031" in page.html
    assert "for 3 days more" in (await visitor.open("/")).html
    wait(4 * DAY)
    await clocks.run_due(community)
    assert await rows(community, "sealed_keys") == []
    assert (await visitor.open("/account")).heading != "Your account", "the session became shorter, too"
    wait(7 * DAY)
    await clocks.run_due(community)
    assert (await needs.get(community, asked.notice.id)).erased_at is not None


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("sealed_notes", "0", "Sealed notes: write a whole number from 1 to 90."),
        ("notices", "soon", "Needs and offers: write a whole number from 7 to 730."),
        ("notices", "8", "The words cannot go before the sealed note"),
        ("log", "29", "The log: write a whole number from 30 to 1095."),
        ("sessions", "91", "Staying signed in: write a whole number from 1 to 90."),
    ],
)
async def test_what_no_clock_may_be_stays_as_typed(
    visitor: Any, community: Community, steward: Member, name: str, typed: str, sentence: str
) -> None:
    await walk_in(visitor, community, steward)
    await visitor.open("/keeping")
    page = await visitor.press("Save", **{name: typed})
    assert page.status == 422 and sentence in page.html
    assert page.forms[-1].typed[name] == [typed]
    assert (await profile(community)).clocks == Clocks()


async def test_only_stewards_set_them_and_every_member_reads_them(visitor: Any, community: Community) -> None:
    helper = await members.add(community, "Noor", frozenset({Role.HELPER}))
    assert (await visitor.open("/keeping")).heading != "How long things are kept"
    await walk_in(visitor, community, helper)
    page = await visitor.open("/keeping")
    assert "14 days after closing" in page.html and 'id="sealed_notes"' not in page.html
    assert (await visitor.send("/keeping", {"sealed_notes": ["90"]})).status == 403
    with pytest.raises(NotAllowed):
        await retention.set_clocks(community, Clocks(), helper)


async def test_clocks_that_cannot_be_are_refused_by_the_service_too(community: Community, steward: Member) -> None:
    with pytest.raises(Invalid):
        await retention.set_clocks(community, Clocks(sealed_notes=91), steward)


async def test_a_look_tells_what_would_go_and_changes_nothing(community: Community, wait: Any) -> None:
    """More than one batch of it."""
    for number in range(forgetting.BATCH + 3):
        asked = await ask(community, number)
        await needs.change_status_by_code(community, asked.code, Status.MET)
    wait(15 * DAY)
    before = await everything(community)
    seen = {one.kind: one.how_many for one in await retention.look(community) if one.how_many}
    assert seen == {"sealed notes": forgetting.BATCH + 3}
    assert await everything(community) == before
    assert await forgotten(community) == seen
    assert await rows(community, "sealed_keys") == []


async def test_a_dispatcher_reads_on_the_need_how_long_it_is_kept(
    visitor: Any, community: Community, wait: Any
) -> None:
    asked = await ask(community)
    dispatcher = await members.add(community, "Amina", frozenset({Role.DISPATCHER}))
    await walk_in(visitor, community, dispatcher)
    page = await visitor.open(f"/dispatch/{asked.notice.id}")
    assert "Thu 3 Jul 2031, unless it is still wanted" in words(page)
    await needs.change_status(community, asked.notice.id, Status.MET, dispatcher)
    page = await visitor.open(f"/dispatch/{asked.notice.id}")
    assert "Sun 18 May 2031" in page.html and "Sat 2 Aug 2031" in page.html
    await forgetting.erase_by_code(community, asked.code)
    assert "Everything that was written was erased" in (await visitor.open(f"/dispatch/{asked.notice.id}")).html


async def test_another_change_of_the_profile_leaves_the_clocks_alone(community: Community, steward: Member) -> None:
    await retention.set_clocks(community, Clocks(sealed_notes=5), steward)
    await save_profile(community, replace(await profile(community), contact_line="555 0100"))
    assert (await profile(community)).clocks.sealed_notes == 5
