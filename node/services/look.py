"""How the community looks: its accent is a steward's to choose."""

from dataclasses import replace

from node.domain.look import Accent
from node.domain.members import Member, must_be_steward
from node.services.community import Community, Profile, profile_in
from node.storage.audit import AuditEntry


async def wear(community: Community, accent: Accent, by: Member) -> Profile:
    """Every page is in this accent from now on. Raises NotAllowed."""
    must_be_steward(by)
    async with community.database.unit_of_work() as work:
        before = await profile_in(work)
        if before.accent == accent:
            return before
        after = replace(before, accent=accent)
        await work.community.put(after)
        await work.audit.add(AuditEntry(community.now(), by.id, f"chose the accent {accent}", "community"))
    return after
