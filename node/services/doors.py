"""How this community asks at its doors: read by whoever comes, changed by stewards."""

from dataclasses import replace

from node.domain.doors import Doors, check_questions, check_sites
from node.domain.members import Member, must_be_steward
from node.services.community import Community
from node.storage.audit import AuditEntry

__all__ = ["Doors", "change", "doors"]


async def doors(community: Community) -> Doors:
    """How it asks now."""
    async with community.database.reading() as work:
        return await work.doors.get()


async def change(community: Community, changed: Doors, by: Member) -> Doors:
    """Ask otherwise from now on. What was answered before stays as it was answered. Raises Invalid, NotAllowed."""
    must_be_steward(by)
    questions = check_questions(changed.own_questions)
    checked = replace(changed, own_questions=questions, framed_by=check_sites(changed.framed_by))
    async with community.database.unit_of_work() as work:
        await work.doors.put(checked)
        await work.audit.add(AuditEntry(community.now(), by.id, "changed how we ask at the doors", "community"))
    return checked
