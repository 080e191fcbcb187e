"""The log of what members did."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.services import audit


class AuditLine(Answer):
    """Who did what with what; `member` is null where the community's own clock did it."""

    at: datetime
    member: str | None
    action: str
    subject: str


class AuditList(Answer):
    """Newest first; `next` is always null."""

    items: tuple[AuditLine, ...]
    next: str | None


async def listing(call: Call[NoBody, NoQuery]) -> AuditList:
    """What members did."""
    lines = await audit.listing(call.community, call.member)
    items = tuple(
        AuditLine(at=line.at, member=line.member_name, action=line.action, subject=line.subject) for line in lines
    )
    return AuditList(items=items, next=None)


OPERATIONS = (Operation("GET", "/audit", "list_audit", "What members did", listing, AuditList, access=Access.STEWARD),)
