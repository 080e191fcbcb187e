"""The areas that a community names: added, renamed, put in order and within each other, and taken off by stewards.

A notice holds the name of its area, not a sign for it. So what is open follows when an area is renamed; what was
closed, and whatever names an area that is taken off the list, stays as it was written. What lies within an area follows
its name and its place; notices there know nothing of it.
"""

from collections.abc import Iterable
from dataclasses import replace

from node.domain.areas import Area, tidy_name, with_changed, with_new, without
from node.domain.errors import Invalid
from node.domain.members import Member, must_be_steward
from node.domain.peers import OwnActor
from node.services.community import Community, profile_in
from node.services.postings import rename_area
from node.services.publishing import change_notice, refusal_in
from node.services.telling import tell_changed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


async def add(community: Community, names: Iterable[str], by: Member, within: str = "") -> None:
    """Put areas of these names last in the one they lie `within`, or on the list; those on it stay as they are.

    Raises Invalid, NotAllowed.
    """
    async with community.database.unit_of_work() as work:
        await add_in(community, work, names, by, within)


async def add_in(community: Community, work: UnitOfWork, names: Iterable[str], by: Member, within: str = "") -> None:
    """The same inside a unit of work."""
    must_be_steward(by)
    before = (await profile_in(work)).areas
    after = with_new(before, names, within)
    for area in (one for one in after if one not in before):
        await _must_be_no_contact(work, "names", area.name)
    await _put(community, work, after, by)


async def change(community: Community, name: str, changed: Area, behind: str, by: Member) -> None:
    """Let the area of this name be called and drawn so, lie there, and stand `behind` another one, or first.

    What is open in it is renamed with it, and whoever sees that is told. What lies within it goes along. Raises
    Invalid, NotAllowed, and Conflict where there is no such area.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        after = with_changed((await profile_in(work)).areas, name, changed, behind)
        new = tidy_name(changed.name)
        await _put(community, work, after, by)
        if new != name:
            await _must_be_no_contact(work, "name", new)
            await _rename(community, work, name, new)


async def remove(community: Community, name: str, by: Member) -> None:
    """Take an area off the list; what lies within it moves up. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        await _put(community, work, without((await profile_in(work)).areas, name), by)


async def _put(community: Community, work: UnitOfWork, after: tuple[Area, ...], by: Member) -> None:
    before = await profile_in(work)
    if after == before.areas:
        return
    await work.community.put(replace(before, areas=after))
    if [area.name for area in after] != [area.name for area in before.areas]:
        await tell_changed(community, work, OwnActor.PUBLIC)
    await work.audit.add(AuditEntry(community.now(), by.id, "changed our areas", "community"))


async def _rename(community: Community, work: UnitOfWork, old: str, new: str) -> None:
    for notice in await work.notices.in_area(old):
        changed = replace(notice, wording=replace(notice.wording, area=new))
        if notice.is_closed:
            await work.notices.put(changed)  # it comes back for another round
        else:
            await change_notice(community, work, changed)
    await rename_area(community, work, old, new)


async def _must_be_no_contact(work: UnitOfWork, field: str, name: str) -> None:
    """What an area is called is told to everybody."""
    refused = await refusal_in(work, name)
    if refused:
        raise Invalid({field: refused})
