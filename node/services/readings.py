"""Reading what another community released to us: written down and braked like the opening of a note of our own.

The line is begun before the network is asked, so that nobody reads without one; which fields came is added afterwards.
"""

from collections.abc import Collection
from dataclasses import replace

from node.domain.errors import NotAllowed
from node.domain.members import Member
from node.domain.openings import READ, Opening, Why, role_of
from node.domain.redaction import without_details
from node.domain.responses import RELEASABLE
from node.services import brakes
from node.services.community import Community
from node.storage.audit import AuditEntry


async def begin(community: Community, response_id: str, by: Member, why: Why) -> str:
    """Write down that a member is about to read, and return the line's id. Raises NotAllowed where the brake is on."""
    now = community.now()
    opening = Opening(
        id=community.new_id(),
        at=now,
        fields=(),
        why=replace(why, words=without_details(why.words)),
        member_id=by.id,
        role=role_of(by),
        response_id=response_id,
    )
    async with community.database.unit_of_work() as work:
        held = await brakes.hold(community, work, by)
        if not held:
            await work.openings.add(opening)
            await work.audit.add(AuditEntry(now, by.id, READ, response_id))
    if held:
        raise NotAllowed(brakes.HELD)
    return opening.id


async def end(community: Community, opening_id: str, fields: Collection[str]) -> None:
    """Add which fields came; a name we do not know is not kept."""
    async with community.database.unit_of_work() as work:
        await work.openings.put_fields(opening_id, [name for name in RELEASABLE if name in fields])
