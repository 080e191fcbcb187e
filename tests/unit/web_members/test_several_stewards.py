"""Two stewards at once: nobody undoes what they have not read, and what one decides counts for the other's deed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from node.domain.errors import Conflict
from node.domain.members import Member, Role
from node.domain.notices import Kind
from node.domain.practice import NOT_REAL, Practice
from node.services import community as communities
from node.services import imports, members, needs
from node.services.community import Community, profile, profile_in
from node.storage.notices import NoticeFilter
from tests.unit.web_members.conftest import sign_in_as
from tests.unit.web_members.visitor import Visitor

SHEET = b"What do you need?,Name\nBread,Alma\n"
MAPPING = b'[columns]\n"What do you need?" = "needs"\nName = "name"\n[choices]\nBread = { category = "groceries" }\n'


@pytest.fixture
async def amina(community: Community, steward: Visitor) -> Member:
    return await members.by_name(community, "Amina")


@asynccontextmanager
async def practising_begins_just_after(community: Community, deed: Any) -> AsyncIterator[asyncio.Task[Any]]:
    """The deed has begun, and waits for its turn to store anything; meanwhile another steward begins to practise."""
    async with community.database.unit_of_work() as work:
        task = asyncio.create_task(deed)
        await asyncio.sleep(0.1)
        await work.community.put(replace(await profile_in(work), practice=Practice.ON))
    yield task


async def test_a_role_that_was_taken_does_not_come_back_with_an_older_page(
    community: Community, steward: Visitor, client: Any
) -> None:
    other = await sign_in_as(client, community, "Dana", Role.STEWARD)
    cai = await members.add(community, "Cai", frozenset({Role.STEWARD}))
    path = f"/people/{cai.id}"
    older = (await other.get(path)).form(f"{path}/roles")
    newer = (await steward.get(path)).form(f"{path}/roles")
    assert (await steward.post(f"{path}/roles", seen=newer["seen"], roles="helper")).status == 303
    page = await other.post(f"{path}/roles", seen=older["seen"], roles=["steward", "dispatcher"])
    assert (page.status, "Somebody else changed this meanwhile." in page.text) == (409, True)
    assert (await members.by_name(community, "Cai")).roles == {Role.HELPER}
    assert 'value="helper" checked' in page.html and 'value="steward" checked' not in page.html, "as it is now"
    again = page.form(f"{path}/roles")
    assert (await other.post(f"{path}/roles", seen=again["seen"], roles="dispatcher")).status == 303
    assert (await members.by_name(community, "Cai")).roles == {Role.DISPATCHER}


async def test_languages_are_chosen_and_nothing_else_is_turned_back(community: Community, amina: Member) -> None:
    deed = communities.speak(community, ("es", "en"), amina)
    async with practising_begins_just_after(community, deed) as task:
        await task
    shown = await profile(community)
    assert (shown.languages, shown.practice) == (("es", "en"), Practice.ON)


async def test_nothing_real_comes_in_once_another_steward_practises(community: Community, amina: Member) -> None:
    """It would be erased at the end, though its owners have codes."""
    deed = imports.bring_in(community, imports.read_spreadsheet(SHEET, MAPPING), amina)
    async with practising_begins_just_after(community, deed) as task:
        with pytest.raises(Conflict, match=NOT_REAL):
            await task
    assert (await needs.listing(community, NoticeFilter(Kind.NEED))).items == ()


async def test_whoever_ends_their_own_membership_leaves_nothing_on_the_device(
    community: Community, steward: Visitor, amina: Member
) -> None:
    await members.add(community, "Dana", frozenset({Role.STEWARD}))
    page = await steward.post(f"/people/{amina.id}/end")
    assert (page.status, page.location, page.headers["Clear-Site-Data"]) == (303, "/", '"storage"')
    assert (await steward.get("/people")).status == 303, "to the page to sign in"
