"""The areas that a community names: added, renamed, put in order and within each other, and taken off by stewards.

A notice holds the name of its area, not a sign for it. So what is open follows when an area is renamed; what was
closed, and whatever names an area that is taken off the list, stays as it was written. What lies within an area follows
its name and its place; notices there know nothing of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from node.domain.areas import Area, meant, spelled, told_area, told_names, with_changed, with_new, without
from node.domain.members import Member, must_be_steward
from node.domain.peers import OwnActor
from node.domain.spelling import tidy_name
from node.services.community import Community, Profile, profile_in
from node.services.postings import follow_area
from node.services.publishing import carry_along, must_be_no_contact
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
    shown = await profile_in(work)
    after = with_new(shown.areas, names, within)
    for area in (one for one in after if one not in shown.areas):
        await must_be_no_contact(work, "names", area.name)
    await _put(community, work, replace(shown, areas=after), by)


async def change(community: Community, name: str, changed: Area, behind: str, by: Member) -> None:
    """Let the area of this name be called and drawn so, lie there, and stand `behind` another one, or first.

    What is open in it is renamed with it, and whoever sees that is told. What lies within it goes along. Raises
    Invalid, NotAllowed, and Conflict where there is no such area.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        new = tidy_name(changed.name)
        if new != name:
            await must_be_no_contact(work, "name", new)
        after = replace(before, areas=with_changed(before.areas, name, changed, behind))
        await _put(community, work, after, by, {name: new})


async def remove(community: Community, name: str, by: Member) -> None:
    """Take an area off the list; what lies within it moves up. Twice is as good as once. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        await _put(community, work, replace(before, areas=without(before.areas, name)), by)


async def tell_larger_only(community: Community, by: Member, *, is_so: bool) -> None:
    """Whether others are told no more than the largest area around something; what is shared follows at once.

    Raises NotAllowed.
    """
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        await _put(community, work, replace(before, larger_areas_only=is_so), by)


async def _put(
    community: Community, work: UnitOfWork, after: Profile, by: Member, renamed: Mapping[str, str] | None = None
) -> None:
    """Store it; what is open follows an area that is `renamed`, and what others are told of where it is."""
    before = await profile_in(work)
    if after == before:
        return
    await work.community.put(after)
    if _names(after) != _names(before):
        await tell_changed(community, work, OwnActor.PUBLIC)
    deed = "changed our areas" if after.areas != before.areas else "changed what others are told of our areas"
    await work.audit.add(AuditEntry(community.now(), by.id, deed, "community"))
    said = {*await work.notices.areas(), *await work.postings.areas(community.now())}
    for old in sorted({spelled(one): meant(before.areas, one) for one in said}.values()):
        new = (renamed or {}).get(old, old)
        was, is_now = _told(before, old), _told(after, new)
        is_told = was != is_now if new != old else spelled(was) != spelled(is_now)
        if new != old or is_told:
            await _follow_notices(community, work, (old, new), is_told=is_told)
            await follow_area(community, work, (old, new), is_told=is_told)


def _names(shown: Profile) -> tuple[str, ...]:
    return told_names(shown.areas, shown.larger_areas_only)


async def _follow_notices(community: Community, work: UnitOfWork, names: tuple[str, str], *, is_told: bool) -> None:
    old, new = names
    for notice in await work.notices.in_area(old):
        changed = replace(notice, wording=replace(notice.wording, area=new)) if new != old else notice
        await carry_along(community, work, changed, is_told=is_told)


def _told(shown: Profile, name: str) -> str:
    found = told_area(shown.areas, name, shown.larger_areas_only)
    return found.name if found is not None else ""
