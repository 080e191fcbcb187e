"""What to read once more before a notice is shared, the sealed note's words among it.

The comparison with the sealed note is done where the note lives (`SealedNotes.also_in`); only words of the notice come
back. It is no opening and is not logged as one.
"""

from node.domain.areas import around
from node.domain.notices import Notice
from node.domain.redaction import Finding, Overlap, findings, region_of
from node.services.community import not_told_in, profile_in
from node.services.publishing import travelling
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork
from node.storage.vault import CannotOpen
from node.translate import notices


async def reminders(work: UnitOfWork, notice: Notice, text: str) -> tuple[Finding, ...]:
    """Everything a dispatcher should read once more in what would travel, inside a unit of work.

    `text` replaces the notice's own where it is not empty. An area of the community's own is never looked at: it is
    meant to travel, or does not where only larger ones do.
    """
    shown, area = await profile_in(work), notice.wording.area
    is_fine = shown.larger_areas_only or bool(around(shown.areas, area))
    words = f"{notice.wording.title}\n{notices.shared_text(notice, text)}" if is_fine else travelling(notice, text)
    strange = "" if is_fine or not shown.areas else area
    return findings(words, await _shared_words(work, notice, words), strange, not_told_in(shown, words))


async def region_in(work: UnitOfWork) -> str | None:
    """The country of the community's own telephone line, where it is written with its +."""
    return region_of((await profile_in(work)).contact_line)


async def _shared_words(work: UnitOfWork, notice: Notice, words: str) -> Overlap | None:
    try:
        return await SealedNotes(work).also_in(notice.id, words)
    except CannotOpen:
        return None
