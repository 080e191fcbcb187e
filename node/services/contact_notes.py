"""Noting how a try to reach somebody went, and when somebody tries again."""

from dataclasses import dataclass
from datetime import datetime

from node.domain.call_backs import CallBack
from node.domain.contact_notes import (
    ContactNote,
    Reached,
    after_contact,
    check_call_back,
    check_words,
    usual_call_back,
)
from node.domain.errors import Conflict
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import SET_STATUS, Notice
from node.domain.phrases import say
from node.services import publishing
from node.services.community import Community, found_notice
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork

MOST_SHOWN = 50


@dataclass(frozen=True)
class Tried:
    """How it went, in one word and a few more; `call_back_at` is when somebody tries again (None: nobody has to).

    `as_usual` leaves that to the rule. The same `form_id` twice is noted once.
    """

    reached: Reached
    words: str = ""
    call_back_at: datetime | None = None
    as_usual: bool = False
    form_id: str | None = None


@dataclass(frozen=True)
class ContactLine:
    """One note as members read it; `by_name` is empty where nobody knows any more who wrote it."""

    note: ContactNote
    by_name: str


async def note(community: Community, notice_id: str, tried: Tried, by: Member) -> ContactNote:
    """Write down one try. Who was to be called back has been; a new call-back takes its place where there is one.

    Behind a need in parts is one person: whoever spoke with them spoke about every part, and calls nobody else back.
    Raises Invalid, NotFound, NotAllowed, and Conflict where everything was erased, or is closed and would be called.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        return await note_in(community, work, notice_id, tried, by)


async def note_in(community: Community, work: UnitOfWork, notice_id: str, tried: Tried, by: Member) -> ContactNote:
    """The same inside a unit of work, for a dispatcher. Raises Invalid, NotFound, Conflict."""
    words, form, now = check_words(tried.words), community.form_mark("contact note", tried.form_id), community.now()
    earlier = await work.contact_notes.by_form(form) if form else None
    if earlier is not None:
        return earlier
    notice = await _notice(work, notice_id)
    call_back_at = _when(notice, tried, now)
    made = ContactNote(community.new_id(), notice.id, tried.reached, words, now, by.id)
    await work.contact_notes.add(made, form)
    for part in await work.notices.together(notice):
        await work.call_backs.settle_contact(part.id, now)
        await _open(community, work, part, made)
    if call_back_at is not None:
        await work.call_backs.add(CallBack(community.new_id(), notice.id, (), call_back_at, now, by.id))
    return made


async def listing(community: Community, notice_id: str, by: Member) -> tuple[ContactLine, ...]:
    """The newest notes about one notice, newest first. Raises NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await work.contact_notes.of_notice(notice_id, MOST_SHOWN)
        names = await work.members.names(one.by for one in found if one.by)
    return tuple(ContactLine(one, names.get(one.by or "", "")) for one in found)


async def _open(community: Community, work: UnitOfWork, notice: Notice, made: ContactNote) -> None:
    changed = after_contact(notice, made.reached, made.noted_at)
    if changed != notice:
        await publishing.change_notice(community, work, changed)
        await work.audit.add(AuditEntry(made.noted_at, made.by, f"{SET_STATUS}{changed.status}", notice.id))


def _when(notice: Notice, tried: Tried, now: datetime) -> datetime | None:
    if tried.as_usual:
        return None if notice.is_closed else usual_call_back(tried.reached, now)
    return None if tried.call_back_at is None else check_call_back(notice, tried.call_back_at, now)


async def _notice(work: UnitOfWork, notice_id: str) -> Notice:
    notice = await found_notice(work, notice_id)
    if notice.erased_at is not None:
        raise Conflict(say("Everything about this was erased, so nothing can be noted any more."))
    return notice
