"""Bringing people in: a steward invites, whoever opens the link joins with that role, and never as a steward."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from node.domain.errors import Conflict, Invalid, NameTaken, NotAllowed, NotFound, TooManyTries
from node.domain.invitations import MOST_DAYS, MOST_OPEN, MOST_PLACES, OVER, InvitationDraft
from node.domain.members import Member, Role
from node.services import audit, clocks, invitations, members, sign_in
from node.services.community import Community
from node.services.invitations import Newcomer
from node.storage.tables import invitations as rows
from node.web.joining import WRONG_LINKS
from node.web.tries import NAMES_IN_ALL, NAMES_IN_ALL_WITHIN, NAMES_PER_PLACE, NAMES_WITHIN, NameTries
from tests.unit.web.conftest import START

PASSWORD = "seven quiet willow boats"


@pytest.fixture
async def amina(community: Community) -> Member:
    """The steward."""
    return await members.add(community, "Amina", frozenset({Role.STEWARD}))


@pytest.fixture
async def steward(visitor: Any, community: Community, amina: Member) -> Any:
    """A browser in which she is signed in."""
    await visitor.open((await sign_in.make_link(community, amina.id)).removeprefix(community.base_url))
    await visitor.press("Sign in as Amina")
    return visitor


async def invited(community: Community, by: Member, **draft: Any) -> str:
    """The end of a new invitation's link."""
    made = await invitations.make(community, InvitationDraft(draft.pop("role", Role.HELPER), **draft), by, str(draft))
    return made.link.rpartition("/")[2]


async def join(community: Community, token: str, name: str, form_id: str = "") -> Member:
    """Somebody joins."""
    return (await invitations.join(community, token, Newcomer(name), form_id or name)).member


async def test_somebody_is_invited_joins_and_is_signed_in_with_just_that_role(
    steward: Any, community: Community
) -> None:
    await steward.open("/people")
    assert steward.page.heading == "Our people" and "Amina" in steward.page.html
    await steward.open("/people/invite")
    page = await steward.press("Make the invitation", role="helper", people="one", days="31", word="Ring 020 555 01344")
    assert page.status == 422 and page.forms[-1].typed["people"] == ["one"]
    assert all(sentence in page.html for sentence in ("from 1 to 20", "from 1 to 30", "No numbers or e-mail addresses"))
    page = await steward.press("Make the invitation", role="steward")
    assert (page.status, "makes nobody a steward" in page.html) == (422, True)
    form = {**page.forms[-1].typed, "role": ["helper"], "people": ["1"], "days": ["7"], "word": ["Meeting in May"]}
    answers = [(await steward.send("/people/invite", form)).html for _ in range(2)]
    [link] = {found for html in answers for found in re.findall(r"/join/[\w-]+", html)}  # sent twice is once
    assert "<svg" in answers[0] and "style=" not in answers[0]
    page = await steward.open("/people")
    assert page.html.count("Meeting in May") == 2 and link not in page.html, "in the list, and beside its button"
    assert "Hand this invitation on" in (await steward.open(link)).html
    steward.client.session.cookie_jar.clear()
    for _ in range(3):  # a program that looks at links uses nothing up
        page = await steward.open(link)
        assert page.heading == "Join Linden Street"
    page = await steward.press("Join", name="amina")
    assert (page.status, page.forms[-1].typed["name"]) == (422, ["amina"])
    page = await steward.press("Join", name="Noor", password=PASSWORD, again="other words")
    assert page.status == 422 and PASSWORD not in page.html
    form = page.forms[-1].typed
    page = await steward.press("Join", name="Noor", password=PASSWORD, again=PASSWORD)
    assert page.heading == "The board"
    noor = await members.by_name(community, "noor")
    assert noor.roles == {Role.HELPER} and noor.has_password
    assert (await steward.open("/people")).status == 403
    steward.client.session.cookie_jar.clear()
    twice = {**form, "name": ["Noor"], "password": [PASSWORD], "again": [PASSWORD]}
    assert (await steward.send(link, twice)).heading == "The board", "a form that is sent twice joins once"
    steward.client.session.cookie_jar.clear()
    over = [await steward.open(link), await steward.send(link, {"name": ["Bo"]})]
    over += [await steward.open("/join/nothing"), await steward.send("/join/nothing", {"name": [""]})]
    assert {page.status for page in over} == {404}
    assert len({page.html.replace(link, "").replace("/join/nothing", "") for page in over}) == 1
    assert len(await members.listing(community)) == 2


async def test_a_link_for_many_makes_nobody_a_dispatcher(community: Community, amina: Member) -> None:
    """It lies on a table, and dispatchers open sealed notes."""
    for places in (2, 20):
        with pytest.raises(Invalid) as refused:
            await invited(community, amina, role=Role.DISPATCHER, places=places)
        assert set(refused.value.fields) == {"people"}
    assert await invited(community, amina, role=Role.DISPATCHER)


async def test_it_is_over_when_it_is_used_up_ended_or_late(community: Community, amina: Member, wait: Any) -> None:
    two = await invited(community, amina, places=2)
    assert [(await join(community, two, name)).name for name in ("Bo", "Cai")] == ["Bo", "Cai"]
    ended, late = await invited(community, amina, word="ended"), await invited(community, amina, days=MOST_DAYS)
    [one] = [one for one in await invitations.listing(community, amina) if one.word == "ended"]
    await invitations.end(community, one.id, amina)
    for token in (two, ended, "unknown"):
        with pytest.raises(NotFound, match=OVER):
            await join(community, token, "Dara")
    with pytest.raises(Conflict):
        await invited(community, amina, word="ended")
    wait(timedelta(days=1))
    assert await invited(community, amina, word="ended") != ended, "the form of yesterday does not bring it back"
    await clocks.run_due(community)
    wait(timedelta(days=MOST_DAYS - 1))
    with pytest.raises(NotFound):
        await invitations.peek(community, late)
    await clocks.run_due(community)
    async with community.database.reading() as work:
        assert (await work.connection.execute(select(rows))).all() == []


async def test_nobody_is_invited_to_be_a_steward(community: Community, amina: Member) -> None:
    for role in (Role.STEWARD, Role.GATEWAY):
        with pytest.raises(Invalid):
            await invited(community, amina, role=role)
    token = await invited(community, amina)
    async with community.database.unit_of_work() as work:  # somebody got at the database
        await work.connection.execute(update(rows).values(role="steward"))
    with pytest.raises(NotFound):
        await join(community, token, "Mallory")
    bo = await members.add(community, "Bo", frozenset({Role.DISPATCHER}))
    for deed in (invited(community, bo), invitations.listing(community, bo), invitations.end(community, "x", bo)):
        with pytest.raises(NotAllowed):
            await deed


async def test_how_many_there_may_be_and_what_is_kept(
    community: Community, amina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (MOST_PLACES, MOST_DAYS, MOST_OPEN) == (20, 30, 30)
    monkeypatch.setattr("node.domain.invitations.MOST_OPEN", 1)
    token = await invited(community, amina)
    with pytest.raises(Conflict, match="open invitations already"):
        await invited(community, amina, word="another")
    noor = await join(community, token, "Noor")
    assert [line.action for line in await audit.listing(community, amina)][:2] == [
        invitations.JOINED, "invited somebody as helper",
    ]  # fmt: skip
    async with community.database.reading() as work:
        [row] = (await work.connection.execute(select(rows))).all()
    assert token not in str(row) and noor.id not in str(row) and "Noor" not in str(row)


async def test_many_links_that_open_nothing_are_too_many(visitor: Any) -> None:
    statuses = [(await visitor.open(f"/join/{number}")).status for number in range(WRONG_LINKS + 1)]
    assert (set(statuses[:-1]), statuses[-1]) == ({404}, 429)


async def test_whoever_holds_an_invitation_does_not_learn_who_is_a_member(
    visitor: Any, community: Community, amina: Member, wait: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await invited(community, amina, places=20)
    hashed: list[str] = []
    monkeypatch.setattr(sign_in, "hashed", lambda password: hashed.append(password) or "")
    typed = {"name": ["Amina"], "password": [PASSWORD], "again": [PASSWORD]}
    for number in range(NAMES_PER_PLACE):
        page = await visitor.send(f"/join/{token}", {**typed, "form_id": [f"{number:032}"]})
        assert (page.status, "is called that already" in page.html) == (422, True)
    assert hashed == [], "which would take its time, for nothing"
    for name in ("Amina", "Somebody new"):
        page = await visitor.send(f"/join/{token}", {"name": [name]})
        assert (page.status, page.forms[-1].typed["name"]) == (429, [name])
        assert "Please wait" in page.html and "is called that already" not in page.html
    wait(NAMES_WITHIN)
    assert (await visitor.send(f"/join/{token}", {"name": ["Somebody new"]})).heading == "Your account"
    for _ in range(NAMES_PER_PLACE):
        assert (await visitor.press("Change my name", own_name="Amina")).status == 422
    page = await visitor.press("Change my name", own_name="Amina")
    assert (page.status, "Please wait" in page.html) == (429, True)


@pytest.mark.parametrize(
    "name", ["AMINA", "Ami\u200bna", "\u202eAmina", "Ami\u200dna", "Ａmina", "Amina\u00ad", " Amina\u2060 "]
)
async def test_nobody_joins_who_looks_like_somebody_here(community: Community, amina: Member, name: str) -> None:
    """Helpers believe what a steward tells them, and read the name alone."""
    token = await invited(community, amina)
    with pytest.raises(NameTaken):
        await join(community, token, name)
    with pytest.raises(Conflict):
        await members.add(community, name, frozenset({Role.HELPER}))
    bo = await members.add(community, "Bo", frozenset({Role.HELPER}))
    with pytest.raises(NameTaken):
        await members.rename(community, bo, name)
    await members.rename(community, amina, name)


async def test_ending_what_is_not_open_is_written_down_by_nobody(community: Community, amina: Member) -> None:
    made = await invitations.make(community, InvitationDraft(Role.HELPER), amina, "f")
    for known in (made.invitation.id, made.invitation.id, "Bo lives at 12 Mill Road"):
        await invitations.end(community, known, amina)
    async with community.database.reading() as work:
        lines = await work.audit.of("ended an invitation")
    assert [line.subject for line in lines] == [made.invitation.id]


def test_an_invitation_that_goes_from_place_to_place_tells_little_too() -> None:
    tries = NameTries()
    for number in range(NAMES_IN_ALL):
        with pytest.raises(NameTaken), tries.one(f"place {number}", "one link", START):
            raise NameTaken({})
    with pytest.raises(TooManyTries), tries.one("another place", "one link", START):
        pass
    with tries.one("another place", "another link", START):
        pass
    with tries.one("another place", "one link", START + NAMES_IN_ALL_WITHIN):
        pass
