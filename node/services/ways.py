"""The community's ways with what is sealed: read by everybody, changed by stewards."""

from node.domain.members import Member, must_be_steward
from node.domain.ways import Ways, check_ways
from node.services.community import Community
from node.storage.audit import AuditEntry

__all__ = ["Ways", "change", "ways"]


async def ways(community: Community) -> Ways:
    """The ways as they are."""
    async with community.database.reading() as work:
        return await work.ways.get()


async def change(community: Community, changed: Ways, by: Member) -> Ways:
    """Store changed ways. Raises Invalid, NotAllowed."""
    must_be_steward(by)
    checked = check_ways(changed)
    async with community.database.unit_of_work() as work:
        await work.ways.put(checked)
        await work.audit.add(AuditEntry(community.now(), by.id, "changed how sealed notes are kept", "community"))
    return checked
