"""A member's page: what they do here, a link to sign in with, signed out everywhere, and the end of a membership."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from node.domain.consent import Consent
from node.domain.errors import Conflict, NotAllowed, NotFound
from node.domain.members import Member, Role
from node.domain.notices import Notice, Status
from node.domain.second_yes import FirstYes
from node.services import (
    audit,
    board,
    calendars,
    devices,
    invitations,
    mail_addresses,
    members,
    membership,
    needs,
    sealing,
    shifts,
    sign_in,
    taking_on,
    tokens,
)
from node.services.community import Community
from node.services.shifts import ShiftDraft
from node.storage.sealing import StoredSealing
from node.storage.tables import metadata
from tests.push_service import PushService

PASSWORD = "seven quiet willow boats"


@pytest.fixture
async def amina(community: Community, steward: Any) -> Member:
    """The only steward."""
    return await members.by_name(community, "Amina")


@pytest.fixture
async def bo(community: Community, dispatcher: Any) -> Member:
    """A dispatcher, who is signed in."""
    return await members.by_name(community, "Bo")


@pytest.fixture
async def shelf(ask: Any, community: Community, bo: Member) -> Notice:
    """A need that helpers may read and a dispatcher has read."""
    found: Notice = await ask(title="Carry a shelf upstairs", category="repairs", consent=Consent(board=True))
    return await needs.change_status(community, found.id, Status.OPEN, bo)


async def settle_in(community: Community, bo: Member, amina: Member, shelf: Notice, clock: Any) -> str:
    """Everything somebody can have here: something in hand, a shift, ways in, and ways to be told. Answers a token."""
    await sign_in.set_password(community, bo.id, PASSWORD)
    await taking_on.take_on(community, shelf.id, None, bo)
    await shifts.write(community, ShiftDraft(clock(), clock().replace(hour=23), "Telephone"), bo)
    [line] = await shifts.listing(community, bo)
    await shifts.take(community, line.shift.id, bo)
    await mail_addresses.tell_me(community, "bo@mail.example", bo)
    await devices.offer(community, True, amina)
    await devices.tell_on(community, PushService("https://push.example").browser("bo"), bo)
    await calendars.make_link(community, bo)
    async with community.database.unit_of_work() as work:
        await work.first_yeses.put(FirstYes("share x", bo.id, clock()))
        await work.sealing.put(StoredSealing(bo.id, clock()))
    return await tokens.create(community, "Bo")


async def rows_of(community: Community, member: Member) -> set[str]:
    """The tables in which a member's id stands."""
    async with community.database.reading() as work:
        return {
            str(table.name)
            for table in metadata.sorted_tables
            for row in await work.connection.execute(select(table))
            if member.id in tuple(row)
        }


async def test_roles_are_given_and_taken_and_the_last_steward_stays(
    community: Community, steward: Any, helper: Any, amina: Member
) -> None:
    cai = await members.by_name(community, "Cai")
    page = await steward.get("/people")
    assert f"/people/{cai.id}" in page.read.links and "Cai Helper" in page.text
    assert "There is only one steward." in page.text
    page = await steward.get(f"/people/{cai.id}")
    assert "make others stewards or end that, for you too" in page.text
    assert (await helper.get("/dispatch")).status == 403
    page = await steward.post(f"/people/{cai.id}/roles", roles=["dispatcher", "helper", "gateway"])
    assert page.location == f"/people/{cai.id}?said=roles"
    assert (await helper.get("/dispatch")).status == 200, "it counts at once"
    assert (await members.by_name(community, "Cai")).roles == {Role.DISPATCHER, Role.HELPER}
    page = await steward.post(f"/people/{amina.id}/roles", roles="helper")
    assert (page.status, "there would be no steward" in page.text) == (409, True)
    page = await steward.post(f"/people/{amina.id}/end")
    assert (page.status, "there would be no steward" in page.text) == (409, True)
    await steward.post(f"/people/{cai.id}/roles", roles="steward")
    assert "There is only one steward." not in (await steward.get("/people")).text
    await steward.post("/people/invite", role="helper", people="9", days="9")
    found = (await steward.post(f"/people/{cai.id}/link")).text
    assert "can come back with it" in (await steward.get(f"/people/{cai.id}/end")).text
    assert (await steward.post(f"/people/{amina.id}/roles")).location == "/account"
    assert (await members.by_name(community, "Amina")).roles == {Role.MEMBER}
    assert await invitations.listing(community, await members.by_name(community, "Cai")) == (), "the ways in she gave"
    with pytest.raises(NotFound):
        await sign_in.use_link(community, next(w for w in found.split() if "/sign-in/" in w).rpartition("/")[2])
    for path in ("/people", f"/people/{cai.id}", f"/people/{cai.id}/end"):
        assert (await steward.get(path)).status == 403
    for deed in ("roles", "link", "sign-out", "end"):
        assert (await steward.post(f"/people/{cai.id}/{deed}")).status == 403
    for by_amina in (
        membership.change_roles(
            community, cai.id, frozenset({Role.STEWARD}), await members.by_name(community, "Amina")
        ),
        membership.end(community, cai.id, await members.by_name(community, "Amina")),
        membership.make_link(community, cai.id, await members.by_name(community, "Amina")),
    ):
        with pytest.raises(NotAllowed):
            await by_amina
    assert (await helper.get("/people/nobody")).status == 404


async def test_whoever_lost_their_way_in_gets_a_new_one_and_the_old_ones_end(
    community: Community, steward: Any, dispatcher: Any, amina: Member, bo: Member, shelf: Notice, clock: Any
) -> None:
    token = await settle_in(community, bo, amina, shelf, clock)
    page = await steward.post(f"/people/{bo.id}/link")
    [link] = {word for word in page.text.split() if "/sign-in/" in word}
    assert "<svg" in page.html
    assert (await dispatcher.get("/account")).status == 200, "a new link ends nothing"
    assert (await sign_in.use_link(community, link.rpartition("/")[2])).member.id == bo.id
    assert (await steward.post(f"/people/{bo.id}/sign-out")).location == f"/people/{bo.id}?said=out"
    assert (await dispatcher.get("/account")).location.startswith("/sign-in")
    assert await tokens.member_of(community, token) is None
    assert not (await members.by_name(community, "Bo")).has_password
    assert await rows_of(community, bo) >= {"taken_by", "shift_hands", "mail_addresses"}, "work and wishes stay"
    assert (await board.get(community, shelf.id, await members.by_name(community, "Bo"))).part is not None
    assert (await steward.post(f"/people/{amina.id}/sign-out")).location.endswith("?said=others")
    assert (await steward.get("/people")).status == 200, "whoever does it to themselves stays signed in here"
    assert {line.action for line in await audit.listing(community, amina)} >= {
        "made a sign-in link", "signed somebody out everywhere",
    }  # fmt: skip


async def test_a_membership_ends_with_everything_that_leads_to_the_person(
    community: Community, steward: Any, dispatcher: Any, amina: Member, bo: Member, shelf: Notice, clock: Any
) -> None:
    await settle_in(community, bo, amina, shelf, clock)
    assert {"sessions", "api_tokens", "taken_by", "mail_addresses", "push_devices", "calendar_links", "first_yeses",
            "shift_hands", "sealing"} <= await rows_of(community, bo)  # fmt: skip
    async with community.database.reading() as work:
        hashed = str(await work.members.password_hash(bo.id))
    page = await steward.get(f"/people/{bo.id}/end")
    assert "This cannot be taken back" in page.text
    assert (await steward.post(f"/people/{bo.id}/end")).location == "/people?said=gone"
    assert (await dispatcher.get("/dispatch")).location.startswith("/sign-in")
    assert await rows_of(community, bo) == {"audit"}, "an id that leads to nobody, until the log's time is over"
    assert (await needs.get(community, shelf.id)).status is Status.OPEN
    files = [path.read_bytes() for path in community.settings.data_dir.glob("manyhands.db*")]
    assert len(files) > 0 and not any(hashed.encode() in file for file in files), "overwritten wherever it lay"
    page = await steward.get(f"/dispatch/{shelf.id}")
    assert "somebody" in page.text and "Bo" not in page.text.split()
    assert {line.member_name for line in await audit.listing(community, amina)} >= {"Amina", "somebody"}
    for gone in (membership.end(community, bo.id, amina), membership.get(community, bo.id, amina)):
        with pytest.raises(NotFound):
            await gone
    with pytest.raises(Conflict):
        await membership.end(community, amina.id, None)


async def test_who_helps_no_more_hands_back_and_is_told_nothing(
    community: Community, amina: Member, bo: Member, shelf: Notice, clock: Any
) -> None:
    await settle_in(community, bo, amina, shelf, clock)
    helps = await membership.change_roles(community, bo.id, frozenset({Role.HELPER}), amina)
    kept = await rows_of(community, bo)
    assert "taken_by" in kept and not kept & {
        "shift_hands", "mail_addresses", "push_devices", "calendar_links", "first_yeses", "sealing",
    }  # fmt: skip
    assert (await board.board(community, helps)).own
    await membership.change_roles(community, bo.id, frozenset(), None)
    assert "taken_by" not in await rows_of(community, bo)
    assert (await needs.get(community, shelf.id)).status is Status.OPEN
    assert (await sealing.standing(community, amina)).asked_by is None


async def test_the_summary_of_what_is_wrong_says_at_which_field(steward: Any) -> None:
    """Two sentences may be the same; and a screen reader reads the summary first."""
    page = await steward.post("/people/invite", role="helper", people="one", days="31", word="x" * 61)
    lines = re.findall(r'<li><a href="#(\w+)"><b>(.+?)</b> – (.+?)</a></li>', page.html)
    assert lines == [
        ("days", "Open for how many days?", "Write a whole number from 1 to 30."),
        ("people", "For how many people?", "Write a whole number from 1 to 20."),
        ("word", "A word to recognise it by (optional)", "Please use at most 60 characters."),
    ]
    page = await steward.post(
        "/people/invite", role="helper", people="1", days="7", word="<!-- error summary --> 555 01"
    )
    assert page.html.count("<!-- error summary -->") == 0 and page.html.count('class="errors"') <= 1
