"""Correcting a sealed note: by its owner with the code, or by a dispatcher. Reading it for that is written down."""

from dataclasses import replace

from node.domain.errors import NotFound
from node.domain.meanwhile import merged
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.sealed import GONE, SealedNote, check_sealed
from node.services.community import Community, found_notice
from node.services.needs import found_by_code
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

READ_BY_OWNER = "owner opened what is sealed"
CORRECTED_BY_OWNER = "owner corrected what is sealed"
CORRECTED = "corrected what is sealed"


async def open_by_code(community: Community, code: str) -> SealedNote:
    """What its owner sealed, to be corrected. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        note = await _note(work, notice.id)
        await work.audit.add(AuditEntry(community.now(), None, READ_BY_OWNER, notice.id))
    return note


async def correct_by_code(community: Community, code: str, note: SealedNote, seen: str = "") -> None:
    """Seal the owner's corrected note in place of the old one.

    With `seen`, the marks of the note that was read, what others corrected meanwhile stays (`node.domain.meanwhile`).
    Raises Invalid, NotFound, ChangedMeanwhile.
    """
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        for one in await _put(work, notice, note, seen):
            await work.audit.add(AuditEntry(community.now(), None, CORRECTED_BY_OWNER, one))


async def correct(community: Community, notice_id: str, note: SealedNote, by: Member, seen: str = "") -> None:
    """The same by a dispatcher. Raises Invalid, NotFound, NotAllowed, ChangedMeanwhile."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        for one in await _put(work, await found_notice(work, notice_id), note, seen):
            await work.audit.add(AuditEntry(community.now(), by.id, CORRECTED, one))


async def _put(work: UnitOfWork, notice: Notice, note: SealedNote, seen: str) -> tuple[str, ...]:
    """The form knows one way to reach somebody; further ones stay as they were.

    Answers the notices of which the note was corrected: of what was split, every part that still has it.
    """
    checked, sealed = check_sealed(note), SealedNotes(work)
    before = await _note(work, notice.id)
    corrected = merged(seen, before, replace(checked, contact=(*checked.contact, *before.contact[1:])))
    kept = [one.id for one in await work.notices.together(notice) if await sealed.is_kept(one.id)]
    for notice_id in kept:
        await sealed.put(notice_id, corrected)
    return tuple(kept)


async def _note(work: UnitOfWork, notice_id: str) -> SealedNote:
    note = await SealedNotes(work).open(notice_id)
    if note is None:
        raise NotFound(GONE)
    return note
