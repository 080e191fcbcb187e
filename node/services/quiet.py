"""Enough for today, and quiet hours: each member's own to say, and nobody else's to read."""

from dataclasses import replace

from node.domain.members import Member, must_be_helper
from node.domain.quiet import Quiet, end_of_today, hours_from
from node.services.community import Community, zone_in
from node.storage.unit_of_work import UnitOfWork


async def of(community: Community, by: Member) -> Quiet:
    """What the reader asked for. Raises NotAllowed."""
    must_be_helper(by)
    async with community.database.reading() as work:
        return await work.quiet.of(by.id)


async def enough(community: Community, is_enough: bool, by: Member) -> Quiet:
    """Enough for today, or not after all: the board shows nothing new until the day is over. Raises NotAllowed."""
    must_be_helper(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        until = end_of_today(now, await zone_in(community, work)) if is_enough else None
        changed = replace(await work.quiet.of(by.id), enough_until=until)
        await work.quiet.put(by.id, changed)
    return changed


async def set_hours(community: Community, since: str, until: str, by: Member) -> Quiet:
    """Quiet hours of every day, such as 21:30 to 8:00; two empty texts for none. Raises Invalid, NotAllowed."""
    must_be_helper(by)
    first, last = hours_from(since, until)
    async with community.database.unit_of_work() as work:
        changed = replace(await work.quiet.of(by.id), since=first, until=last)
        await work.quiet.put(by.id, changed)
    return changed


async def may_be_told(community: Community, work: UnitOfWork, member_id: str) -> bool:
    """Whether a member may be told anything now that can wait. For everything that tells people by itself."""
    wanted = await work.quiet.of(member_id)
    return not wanted.is_quiet(community.now(), await zone_in(community, work))
