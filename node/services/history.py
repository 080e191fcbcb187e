"""What happened to a need or an offer, for the dispatchers: each step, who took it, and their few words."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import SET_STATUS, Status
from node.domain.openings import OPENED, READ_BY_HELPER
from node.services import audit
from node.services.community import Community
from node.services.published import READ_BY_PEER
from node.storage.audit import AuditEntry

#: Readings have a list of their own, or would push everything else aside.
NOT_STEPS = frozenset({OPENED, READ_BY_HELPER, READ_BY_PEER})
MOST_STEPS = 50


@dataclass(frozen=True)
class Step:
    """One thing that was done. `action` is as it was written down; `status` is set where it says where it stands.

    `who` is None where the owner, the clock, the command line or another community did it.
    """

    at: datetime
    who: str | None
    action: str
    status: Status | None = None
    note: str = ""


async def history(community: Community, notice_id: str, by: Member) -> tuple[Step, ...]:
    """The newest steps, newest first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        entries = await work.audit.of_subject(notice_id, NOT_STEPS, MOST_STEPS)
        names = await work.members.names(entry.member_id for entry in entries if entry.member_id)
    return tuple(_step(entry, audit.who(entry, names)) for entry in entries)


def _step(entry: AuditEntry, who: str | None) -> Step:
    if not entry.action.startswith(SET_STATUS):
        return Step(entry.at, who, entry.action)
    # Older lines have the words in brackets behind the status, cut where the line was full.
    word, _, words = entry.action.removeprefix(SET_STATUS).partition(" (")
    status = next((status for status in Status if status == word), None)
    return Step(entry.at, who, SET_STATUS, status, entry.detail or words.removesuffix(")"))
