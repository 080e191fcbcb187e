"""Erasing: at the owner's wish at once, and by itself some time after closing."""

from dataclasses import replace
from datetime import timedelta

from node.domain.categories import name_of
from node.domain.consent import Consent
from node.domain.notices import Notice, Status, Wording
from node.services import publishing
from node.services.community import Community
from node.services.needs import SET_STATUS, found_by_code
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

#: How long a sealed note is kept once its need or offer is closed.
SEALED_NOTE_KEPT = timedelta(days=14)
BATCH = 100


async def erase_by_code(community: Community, code: str) -> None:
    """Everything the owner wrote goes at once: the sealed note with its key, the words, and every shared copy.

    What stays is that there was something of this category. Raises NotFound.
    """
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        await _erase(community, work, notice)
        await work.audit.add(AuditEntry(community.now(), None, "owner erased everything", notice.id))


async def erase_due(community: Community) -> None:
    """Erase the sealed notes of what was closed SEALED_NOTE_KEPT ago, and what dispatchers noted down about it."""
    closed_before = community.now() - SEALED_NOTE_KEPT
    async with community.database.reading() as work:
        due = await work.notices.closed_with_note(closed_before, BATCH)
    if not due:
        return
    async with community.database.unit_of_work() as work:
        for notice_id in due:
            await _erase_note(work, notice_id)
            await work.audit.add(AuditEntry(community.now(), None, "a sealed note's time was over", notice_id))


async def _erase(community: Community, work: UnitOfWork, notice: Notice) -> None:
    await publishing.withdraw_all(community, work, notice)
    await _erase_note(work, notice.id)
    await work.consents.forget(notice.id)
    await work.call_backs.forget(notice.id)
    bare = replace(
        notice,
        wording=Wording(name_of(notice.wording.category), notice.wording.category),
        status=notice.status if notice.is_closed else Status.NO_LONGER_NEEDED,
        consent=Consent(),
        updated_at=community.now(),
    )
    await work.notices.put(bare)


async def _erase_note(work: UnitOfWork, notice_id: str) -> None:
    """The note, its key, and the words members typed about it; what was done, by whom and when stays in the log."""
    await SealedNotes(work).erase(notice_id)
    await work.openings.forget_words(notice_id)
    await work.audit.forget_words(notice_id, SET_STATUS)
