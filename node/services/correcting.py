"""Correcting a sealed note: by its owner with the code, or by a dispatcher. Reading it for that is written down."""

from dataclasses import replace

from node.domain.errors import NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.phrases import say
from node.domain.sealed import SealedNote, check_sealed
from node.services.community import Community
from node.services.needs import found_by_code
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

READ_BY_OWNER = "owner opened what is sealed"
CORRECTED_BY_OWNER = "owner corrected what is sealed"
CORRECTED = "corrected what is sealed"
GONE = say("This sealed note was erased.")


async def open_by_code(community: Community, code: str) -> SealedNote:
    """What its owner sealed, to be corrected. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        note = await _note(work, notice.id)
        await work.audit.add(AuditEntry(community.now(), None, READ_BY_OWNER, notice.id))
    return note


async def correct_by_code(community: Community, code: str, note: SealedNote) -> None:
    """Seal the owner's corrected note in place of the old one. Raises Invalid, NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        await _put(work, notice.id, note)
        await work.audit.add(AuditEntry(community.now(), None, CORRECTED_BY_OWNER, notice.id))


async def correct(community: Community, notice_id: str, note: SealedNote, by: Member) -> None:
    """Seal a corrected note in place of the old one. Raises Invalid, NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        await _put(work, notice_id, note)
        await work.audit.add(AuditEntry(community.now(), by.id, CORRECTED, notice_id))


async def _put(work: UnitOfWork, notice_id: str, note: SealedNote) -> None:
    """The form knows one way to reach somebody; further ones stay as they were."""
    checked = check_sealed(note)
    before = await _note(work, notice_id)
    contact = (*checked.contact, *before.contact[1:])
    await SealedNotes(work).put(notice_id, replace(checked, contact=contact))


async def _note(work: UnitOfWork, notice_id: str) -> SealedNote:
    note = await SealedNotes(work).open(notice_id)
    if note is None:
        raise NotFound(GONE)
    return note
