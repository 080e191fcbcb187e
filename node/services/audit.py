"""Reading the audit log."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.members import Member, must_be_steward
from node.services.community import Community

LINES = 200


@dataclass(frozen=True)
class AuditLine:
    """What was done by whom (None: the command line or another community) to what."""

    at: datetime
    member_name: str | None
    action: str
    subject: str
    detail: str


async def listing(community: Community, by: Member) -> tuple[AuditLine, ...]:
    """The newest lines, newest first. For stewards."""
    must_be_steward(by)
    async with community.database.reading() as work:
        entries = await work.audit.newest(LINES)
        names = await work.members.names(entry.member_id for entry in entries if entry.member_id)
    return tuple(
        AuditLine(entry.at, names.get(entry.member_id or ""), entry.action, entry.subject, entry.detail)
        for entry in entries
    )
