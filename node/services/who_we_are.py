"""What the community calls itself, the line on which it is called, and the time it lives by: a steward's to change."""

from dataclasses import dataclass, replace

from node.domain.days import zone_like
from node.domain.members import Member, must_be_steward
from node.services.community import Community, Profile, check_profile, profile_in
from node.services.presenting import TELLING
from node.services.telling import tell_changed
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class WhoWeAre:
    """`contact_line` may be empty: then nobody is told to call. `timezone` is an IANA name, however it is spelled."""

    name: str
    contact_line: str
    timezone: str


async def change(community: Community, said: WhoWeAre, by: Member) -> Profile:
    """Be called, and be called up, so from now on. Raises Invalid, NotAllowed.

    A new name is told to whoever follows us or is followed; the name in our address stays.
    """
    async with community.database.unit_of_work() as work:
        return await change_in(community, work, said, by)


async def change_in(community: Community, work: UnitOfWork, said: WhoWeAre, by: Member) -> Profile:
    """The same inside a unit of work."""
    must_be_steward(by)
    before = await profile_in(work)
    wanted = replace(before, name=said.name, contact_line=said.contact_line, timezone=zone_like(said.timezone))
    after = check_profile(wanted)
    if after == before:
        return after
    await work.community.put(after)
    for own in TELLING if after.name != before.name else ():
        await tell_changed(community, work, own)
    entry = AuditEntry(community.now(), by.id, "changed who we are", "community", f"{before.name} → {after.name}")
    await work.audit.add(entry)
    return after
