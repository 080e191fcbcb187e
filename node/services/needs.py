"""Asking and offering: two equal doors into the same book."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from node.domain import days
from node.domain.areas import meant
from node.domain.codes import part_code
from node.domain.consent import Consent, ConsentEntry, Intake, Use, check_first, first_entries, questions_of
from node.domain.errors import ChangedMeanwhile, Invalid, NotFound
from node.domain.meanwhile import merged
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import (
    NOTE_LIMIT,
    SET_STATUS,
    Kind,
    Notice,
    Status,
    Wording,
    as_chosen,
    change_wording,
    check_wording,
    renew,
    set_status,
    settled,
)
from node.domain.on_behalf import OnBehalf, check_on_behalf
from node.domain.phrases import say
from node.domain.sealed import SealedNote, check_sealed
from node.domain.splitting import meet_some as partly
from node.domain.together import check_together
from node.services import publishing
from node.services.codes import code_again, code_hash, new_code
from node.services.community import Community, found_notice, narrowed, profile_in, zone_in
from node.services.paging import Page, page, page_size, read_cursor
from node.services.promises import promised
from node.storage.audit import AuditEntry
from node.storage.notices import NoticeFilter
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

__all__ = ["NoticeFilter"]

Find = Callable[[UnitOfWork], Awaitable[Notice]]
Change = Callable[[Notice, Decimal, datetime], Notice]
"""Makes the changed notice from it, what is promised in running agreements, and the time."""


@dataclass(frozen=True)
class Entry:
    """What somebody asks for or offers: the two envelopes, what they agreed to, and how they were asked that.

    `further` are the words of what they ask for at once with it: a part of its own for each, behind the same code. With
    `again`, it is what stood behind another code, as it was split there.
    """

    kind: Kind
    wording: Wording
    sealed: SealedNote = field(default_factory=SealedNote)
    consent: Consent = field(default_factory=Consent)
    intake: Intake = field(default_factory=Intake)
    for_someone_else: bool = False
    on_behalf: OnBehalf = field(default_factory=OnBehalf)
    standing: bool = False
    further: tuple[Wording, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Asked:
    """The stored notice, the code with which its owner comes back to it, and what else is behind that code."""

    notice: Notice
    code: str
    further: tuple[Notice, ...] = ()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All of it."""
        return (self.notice, *self.further)


async def ask(community: Community, entry: Entry, by: Member | None = None, form_id: str | None = None) -> Asked:
    """Store a need or an offer. The same `form_id` twice stores once and gives the same answer. Raises Invalid."""
    async with community.database.unit_of_work() as work:
        return await ask_in(community, work, entry, by, form_id)


async def ask_in(community: Community, work: UnitOfWork, entry: Entry, by: Member | None, form_id: str | None) -> Asked:
    """The same inside a unit of work. Raises Invalid."""
    entry = _checked(await _by_our_names(work, entry))
    now = community.now()
    form = form_of(community, form_id or community.new_id())
    earlier = await work.notices.by_form(form.hex())
    if earlier is not None:
        further = tuple(one for one in await work.notices.together(earlier) if one.id != earlier.id)
        return Asked(earlier, await code_again(community, work, form, earlier.id), further)
    code = await new_code(community, work, form)
    notices = _notices(community, entry)
    for notice in notices:
        its_code = code_hash(community, part_code(code, notice.number))
        await work.notices.add(notice, its_code, form.hex() if notice.number == 1 else None)
        await SealedNotes(work).add(notice.id, entry.sealed)
        await work.consents.add(notice.id, _agreed(entry, by, now))
        await work.audit.add(AuditEntry(now, by.id if by else None, f"took in a {entry.kind}", notice.id))
    return Asked(notices[0], code, notices[1:])


def form_of(community: Community, form_id: str) -> bytes:
    """What a form is known by, so that it is stored once."""
    return community.database.vault.fingerprint(f"form {form_id}")


async def get(community: Community, notice_id: str) -> Notice:
    """The notice. Raises NotFound."""
    async with community.database.reading() as work:
        return await found_notice(work, notice_id)


async def listing(
    community: Community, wanted: NoticeFilter, after: str | None = None, limit: int = 50
) -> Page[Notice]:
    """Notices, newest first, page by page."""
    size = page_size(limit)
    async with community.database.reading() as work:
        items = await work.notices.page(await narrowed(work, wanted), read_cursor(after), size + 1)
    return page(items, size, lambda notice: (notice.created_at, notice.id))


async def correct(community: Community, notice_id: str, wording: Wording, by: Member, seen: str = "") -> Notice:
    """Change the words for sharing; what is shared changes with them.

    With `seen`, the marks of the words that were read, what others changed meanwhile stays (`node.domain.meanwhile`).
    Raises Invalid, NotFound, NotAllowed, ChangedMeanwhile.
    """
    must_be_dispatcher(by)
    change = await _with_wording(community, wording, seen)
    return await _change(community, _by_id(notice_id), ("corrected the wording", ""), by, change)


async def change_status(
    community: Community, notice_id: str, status: Status, by: Member, note: str = "", *, was: Status | None = None
) -> Notice:
    """Say where it stands, with a `note` for the other dispatchers; what is shared follows.

    A note is written down even where the status stays. `was` is where it stood when that was read. Raises Invalid,
    Conflict, NotFound, NotAllowed, and ChangedMeanwhile where somebody else said something different since.
    """
    must_be_dispatcher(by)
    words = note.strip()
    if len(words) > NOTE_LIMIT:
        raise Invalid({"note": say("Please use at most %(most)s characters.", most=NOTE_LIMIT)})
    action = f"{SET_STATUS}{status}"
    return await _change(community, _by_id(notice_id), (action, words), by, _with_status(status, was))


async def meet_some(
    community: Community, notice_id: str, amount: Decimal, by: Member, *, was: Decimal | None = None
) -> Notice:
    """So much of what is open is met; what is shared follows. `was` is how much was open when that was read.

    Raises Invalid, Conflict, NotFound, NotAllowed, and ChangedMeanwhile where it is another amount by now.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice = await found_notice(work, notice_id)
        if was is not None and notice.remaining != was:
            raise ChangedMeanwhile(["quantity"])
        changed = partly(notice, amount, await promised(work, notice.id), now)
        await work.audit.add(AuditEntry(now, by.id, f"{SET_STATUS}{changed.status}", notice.id))
        await publishing.change_notice(community, work, changed)
    return changed


async def by_code(community: Community, code: str) -> Notice:
    """The notice a code stands for. Raises NotFound."""
    async with community.database.reading() as work:
        return await found_by_code(community, work, code)


async def correct_by_code(community: Community, code: str, wording: Wording) -> Notice:
    """The owner changes the words. Raises Conflict, Invalid, NotFound."""
    change = await _with_wording(community, wording)
    return await _change(community, _by_code(community, code), ("owner corrected it", ""), None, change)


async def change_status_by_code(community: Community, code: str, status: Status) -> Notice:
    """The owner says where it stands. Raises Conflict, NotFound."""
    return await _change(community, _by_code(community, code), (f"owner: {status}", ""), None, _with_status(status))


async def found_by_code(community: Community, work: UnitOfWork, code: str) -> Notice:
    """The notice a code stands for, inside a unit of work. Raises NotFound."""
    notice = await work.notices.by_code(code_hash(community, code))
    if notice is None:
        raise NotFound(say("No request has this code. Please check it letter by letter, or call us."))
    return notice


async def renew_by_code(community: Community, code: str) -> Notice:
    """The owner still wants it: its time begins anew, and what had ended or rests is open.

    Raises Conflict, NotFound.
    """
    return await renew_found(community, _by_code(community, code))


async def sorted_found(community: Community, find: Find) -> Notice:
    """The owner says of what they were asked about that it is sorted. Raises Conflict, and what `find` raises."""
    return await _change(community, find, (f"owner: {Status.MET}", ""), None, _with_status(Status.MET))


async def renew_on_their_word(community: Community, notice_id: str, by: Member) -> Notice:
    """The owner told a dispatcher so. Raises Conflict, NotFound, NotAllowed."""
    must_be_dispatcher(by)
    return await renew_found(community, _by_id(notice_id), by)


async def renew_found(community: Community, find: Find, by: Member | None = None) -> Notice:
    """The same as with the code, of what they were asked about; `by` wrote it down, None where they said it themselves.

    Raises Conflict, and what `find` raises.
    """
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice = await find(work)
        today = days.today(now, await zone_in(community, work))
        renewed = renew(notice, now, today, await promised(work, notice.id))
        await work.notices.put(renewed)
        await work.audit.add(AuditEntry(now, by.id if by else None, "owner: still wanted", notice.id))
        if replace(renewed, renewed_at=notice.renewed_at) != notice:
            await publishing.follow_notice(community, work, renewed)
    return renewed


async def _change(
    community: Community, find: Find, written: tuple[str, str], by: Member | None, change: Change
) -> Notice:
    """Make the change and write down what was done, with the words that go with it."""
    action, words = written
    now = community.now()
    async with community.database.unit_of_work() as work:
        notice = await find(work)
        changed = change(notice, await promised(work, notice.id), now)
        if changed == notice and not words:
            return notice
        await work.audit.add(AuditEntry(now, by.id if by else None, action, notice.id, words))
        if changed == notice:
            return notice
        await publishing.change_notice(community, work, changed)
    return changed


async def _with_wording(community: Community, wording: Wording, seen: str = "") -> Change:
    """The change to these words, by the names that areas and categories have here."""
    async with community.database.reading() as work:
        ours = await profile_in(work)

    def change(notice: Notice, _promised: Decimal, now: datetime) -> Notice:
        checked = check_wording(replace(wording, area=meant(ours.areas, wording.area)), notice.kind)
        both = settled(merged(seen, as_chosen(notice.wording), as_chosen(checked)), ours.categories)
        return notice if both == notice.wording else change_wording(notice, both, now)

    return change


def _with_status(status: Status, was: Status | None = None) -> Change:
    def change(notice: Notice, promised: Decimal, now: datetime) -> Notice:
        if was is not None and notice.status not in {was, status}:
            raise ChangedMeanwhile(["status"])
        return set_status(notice, status, now, promised)

    return change


def _by_id(notice_id: str) -> Find:
    return lambda work: found_notice(work, notice_id)


def _by_code(community: Community, code: str) -> Find:
    return lambda work: found_by_code(community, work, code)


def _checked(entry: Entry) -> Entry:
    """The entry tidied; what is known of whom it is for goes together with what was agreed. Raises Invalid."""
    wordings = check_together((entry.wording, *entry.further), entry.kind, again=entry.again)
    sealed = check_sealed(entry.sealed)
    check_first(entry.consent, _intake(entry))
    person = entry.on_behalf if entry.for_someone_else else OnBehalf()
    agreed = [question.use for question in questions_of(entry.consent)]
    check_on_behalf(person, [*agreed, *([Use.DETAILS] if entry.intake.details else [])])
    return replace(entry, wording=wordings[0], further=wordings[1:], sealed=sealed, on_behalf=person)


async def _by_our_names(work: UnitOfWork, entry: Entry) -> Entry:
    """The entry with each area that is one of ours called as it is on the list, and each category as it is by now."""
    ours = await profile_in(work)
    found = [replace(one, area=meant(ours.areas, one.area)) for one in (entry.wording, *entry.further)]
    first, *further = [settled(one, ours.categories) for one in found]
    return replace(entry, wording=first, further=tuple(further))


def _notices(community: Community, entry: Entry) -> tuple[Notice, ...]:
    """A notice for each that is asked for: the parts of the first."""
    now = community.now()
    first = Notice(
        id=community.new_id(),
        kind=entry.kind,
        wording=entry.wording,
        created_at=now,
        updated_at=now,
        remaining=entry.wording.quantity,
        consent=entry.consent,
        for_someone_else=entry.for_someone_else,
        on_behalf=entry.on_behalf,
        standing=entry.standing,
    )
    parts = (
        replace(first, id=community.new_id(), wording=one, remaining=one.quantity, whole_id=first.id, number=number)
        for number, one in enumerate(entry.further, 2)
    )
    return first, *parts


def _agreed(entry: Entry, by: Member | None, now: datetime) -> tuple[ConsentEntry, ...]:
    return first_entries(entry.consent, _intake(entry), by.id if by else None, now)


def _intake(entry: Entry) -> Intake:
    """Where a message may be left, that was agreed to."""
    may_leave_message = any(contact.voicemail_ok for contact in entry.sealed.contact)
    return replace(entry.intake, message=entry.intake.message or may_leave_message)
