"""Every time a sealed note was opened, here or by the helper of an open task: shown on the need."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.peers import host_of
from node.services.community import Community
from node.services.handoffs import READ_BY_HELPER
from node.services.needs import OPENED
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Opening:
    """One time somebody read sealed fields: a member here, or (`why` is empty then) another community's dispatchers."""

    reader_name: str
    fields: tuple[str, ...]
    why: str
    at: datetime


async def openings(community: Community, notice_id: str) -> tuple[Opening, ...]:
    """Every opening, oldest first."""
    async with community.database.reading() as work:
        here = await work.audit.about(notice_id, OPENED)
        there = await work.audit.about(notice_id, READ_BY_HELPER)
        names = await work.members.names(entry.member_id for entry in here if entry.member_id)
        found = [_opening(entry, names.get(entry.member_id or "", "somebody"), entry.detail) for entry in here]
        found += [
            _opening(entry, await _community_name(work, entry), entry.detail.partition("|")[0]) for entry in there
        ]
    return tuple(sorted(found, key=lambda opening: opening.at))


def _opening(entry: AuditEntry, reader_name: str, detail: str) -> Opening:
    fields, _, why = detail.partition("|")
    return Opening(reader_name, tuple(filter(None, fields.split(","))), why, entry.at)


async def _community_name(work: UnitOfWork, entry: AuditEntry) -> str:
    actor_id = entry.detail.partition("|")[2]
    actor = await work.peers.actor(actor_id)
    return actor.name if actor is not None else host_of(actor_id)
