"""Days on which something is needed, and shifts, as a calendar that a dispatcher subscribes to.

Whoever has its private link reads days, categories and areas, never the words of a need; of shifts the hours and a
word, never who takes them. Only a hash of it is kept.
"""

import secrets
from dataclasses import dataclass, replace

from node.domain.categories import AS_SHIPPED, OwnCategories
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Kind, Notice
from node.domain.shifts import MOST_SHIFTS, Shift
from node.services.community import Community, profile_in
from node.services.for_real import is_practising
from node.storage.audit import AuditEntry
from node.storage.vault import token_hash

MOST_DAYS = 500


@dataclass(frozen=True)
class Calendar:
    """The community's name and its way with the categories, every need with a day, and the shifts that are to come."""

    name: str
    needs: tuple[Notice, ...]
    shifts: tuple[Shift, ...] = ()
    categories: OwnCategories = AS_SHIPPED


async def has_link(community: Community, member: Member) -> bool:
    """Whether this member has a link."""
    async with community.database.reading() as work:
        return await work.sessions.has_calendar(member.id)


async def make_link(community: Community, by: Member) -> str:
    """A new private link; an earlier one opens nothing any more. It is shown this once. Raises NotAllowed."""
    must_be_dispatcher(by)
    token = secrets.token_urlsafe(24)
    now = community.now()
    async with community.database.unit_of_work() as work:
        await work.sessions.put_calendar(token_hash(token), by.id, now)
        await work.audit.add(AuditEntry(now, by.id, "made a private calendar link", by.id))
    return f"{community.base_url}/calendar.ics?link={token}"


async def end_link(community: Community, by: Member) -> None:
    """The link opens nothing any more. Twice is as good as once."""
    async with community.database.unit_of_work() as work:
        await work.sessions.end_calendar(by.id)
        await work.audit.add(AuditEntry(community.now(), by.id, "ended a private calendar link", by.id))


async def read(community: Community, token: str) -> Calendar:
    """What a link opens; no needs while the community practises.

    Raises NotFound, also where its owner is no dispatcher any more.
    """
    async with community.database.reading() as work:
        owner = await work.sessions.calendar_owner(token_hash(token))
        member = await work.members.get(owner) if owner else None
        if member is None or not member.is_dispatcher:
            raise NotFound
        found = () if await is_practising(work) else await work.notices.with_day(Kind.NEED, MOST_DAYS)
        shifts = await work.shifts.to_come(community.now(), MOST_SHIFTS)
        shown, free = await profile_in(work), tuple(replace(one, hands=()) for one in shifts)
        return Calendar(shown.name, found, free, shown.categories)
