"""Reading the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from node.domain.members import Member, must_be_steward
from node.domain.phrases import say
from node.services.community import Community
from node.storage.audit import AuditEntry

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
    return tuple(_line(entry, names) for entry in entries)


def who(entry: AuditEntry, names: Mapping[str, str]) -> str | None:
    """What the member who did it is called; “somebody” who left, and None where no member did it."""
    return names.get(entry.member_id, say("somebody")) if entry.member_id else None


def _line(entry: AuditEntry, names: Mapping[str, str]) -> AuditLine:
    return AuditLine(entry.at, who(entry, names), entry.action, entry.subject, entry.detail)
