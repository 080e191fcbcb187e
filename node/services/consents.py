"""What was agreed to, by its owner with the code or to a dispatcher on their word; shares beyond it end at once."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.domain.call_backs import settle
from node.domain.consent import (
    SHARING,
    Asking,
    Channel,
    ConsentEntry,
    Question,
    Use,
    answered,
    newest,
    standing,
)
from node.domain.errors import Conflict, Invalid
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.peers import NO_LONGER_KNOWN
from node.domain.phrases import say
from node.services import publishing
from node.services.community import Community, found_notice
from node.services.needs import found_by_code
from node.storage.audit import AuditEntry
from node.storage.sealed_notes import SealedNotes
from node.storage.unit_of_work import UnitOfWork

MOST_QUESTIONS = 50
#: What the person may say of one part of what they asked for alone; all else is about how we reach them.
OF_ONE_PART = frozenset({*SHARING, Use.BOARD, Use.DETAILS, Use.TAKEN_ON})


@dataclass(frozen=True)
class Said:
    """The same answer to one or more questions: yes or no, by this channel, in this language.

    `wordings` are the words in which a question was asked, `wording` those of every other one.
    """

    questions: tuple[Question, ...]
    is_given: bool
    wording: str = ""
    channel: Channel = Channel.UNKNOWN
    language: str = ""
    wordings: tuple[tuple[Question, str], ...] = ()


@dataclass(frozen=True)
class ConsentLine:
    """One answer with the names it needs: the community it is about, and who wrote it down ("" for the person)."""

    entry: ConsentEntry
    peer_name: str
    by_name: str


async def history(community: Community, notice_id: str) -> tuple[ConsentLine, ...]:
    """Every answer about a notice, oldest first."""
    async with community.database.reading() as work:
        entries = await work.consents.of_notice(notice_id)
        peers = await work.peers.names()
        members = await work.members.names(entry.asking.by for entry in entries if entry.asking.by)
    return tuple(
        ConsentLine(
            entry,
            peers.get(entry.question.peer, entry.question.peer and NO_LONGER_KNOWN),
            members.get(entry.asking.by, say("somebody")) if entry.asking.by else "",
        )
        for entry in entries
    )


def current(lines: tuple[ConsentLine, ...]) -> tuple[ConsentLine, ...]:
    """The newest answer to each question, from a whole history."""
    counts = newest(line.entry for line in lines)
    return tuple(line for line in lines if counts[line.entry.question] is line.entry)


async def record(community: Community, notice_id: str, said: Said, by: Member) -> Notice:
    """Write down what the person told a dispatcher. Raises Invalid, NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        notice = await found_notice(work, notice_id)
        return await write_down(community, work, notice, entries_of(said, said.questions, by.id, community.now()))


async def record_by_code(community: Community, code: str, said: Said, *, only_this: bool = False) -> Notice:
    """The owner says so, with the code: of every part behind it, or of `only_this`.

    Raises Invalid, NotFound, Conflict.
    """
    if only_this and not {one.use for one in said.questions} <= OF_ONE_PART:
        raise Invalid({"question": say("This is asked about all parts together.")})
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        entries = entries_of(said, said.questions, None, community.now())
        return await write_down(community, work, notice, entries, only_this=only_this)


async def stop_sharing_by_code(community: Community, code: str, said: Said) -> Notice:
    """The owner takes back every share, and with it each consent to share further than here. Raises NotFound.

    The questions are found here; those of `said` do not matter.
    """
    async with community.database.unit_of_work() as work:
        notice = await found_by_code(community, work, code)
        held = [newest(await work.consents.of_notice(one.id)) for one in await work.notices.together(notice)]
        given = [one for each in held for one, entry in each.items() if one.use in SHARING and entry.is_given]
        questions = tuple(dict.fromkeys(given))
        entries = entries_of(replace(said, is_given=False), questions, None, community.now())
        stopped = await write_down(community, work, notice, entries)
        for one in await work.notices.together(stopped):
            await publishing.withdraw_all(community, work, one)
            await work.audit.add(AuditEntry(community.now(), None, "owner stopped sharing", one.id))
    return stopped


async def write_down(
    community: Community,
    work: UnitOfWork,
    notice: Notice,
    entries: tuple[ConsentEntry, ...],
    *,
    only_this: bool = False,
) -> Notice:
    """Add answers inside a unit of work: the notice, its shares and whom to call back follow. Raises Invalid.

    What was split has one person behind it, so the answers are about every part, unless they say `only_this`.
    """
    if len(entries) > MOST_QUESTIONS:
        raise Invalid({"peers": say("Choose at most %(most)s communities.", most=MOST_QUESTIONS)})
    for other in () if only_this else await work.notices.together(notice):
        if other.id != notice.id and other.erased_at is None:
            await _write_one(community, work, other, entries)
    return await _write_one(community, work, notice, entries)


async def _write_one(
    community: Community, work: UnitOfWork, notice: Notice, entries: tuple[ConsentEntry, ...]
) -> Notice:
    before = await work.consents.of_notice(notice.id)
    after = before
    for entry in entries:
        after += answered(after, entry)
    added = after[len(before) :]
    await work.consents.add(notice.id, added)
    changed = await _follow(community, work, notice, after)
    for entry in added:
        await _follow_message(work, notice, entry)
        await work.audit.add(_audited(notice, entry))
    for call_back in await work.call_backs.open_of(notice.id):
        if any(entry.question in call_back.questions or entry.question.use == Use.PEERS for entry in added):
            await work.call_backs.put(settle(call_back, after, community.now()))
    return changed


def entries_of(said: Said, questions: tuple[Question, ...], by: str | None, now: datetime) -> tuple[ConsentEntry, ...]:
    """One row for each question; `by` is the member who wrote it down, None for the person."""
    asking, words = Asking(said.channel, said.language, by), dict(said.wordings)
    return tuple(ConsentEntry(one, said.is_given, words.get(one, said.wording), asking, now) for one in questions)


async def _follow(community: Community, work: UnitOfWork, notice: Notice, entries: tuple[ConsentEntry, ...]) -> Notice:
    changed = replace(notice, consent=standing(entries))
    if changed != notice:
        await work.notices.put(changed)
    await publishing.withdraw_beyond(community, work, changed)
    return changed


async def _follow_message(work: UnitOfWork, notice: Notice, entry: ConsentEntry) -> None:
    """The sealed note says the same of leaving a message, for whoever reads only that."""
    sealed = SealedNotes(work)
    note = await sealed.open(notice.id) if entry.question.use == Use.MESSAGE else None
    if note is None:
        return
    if entry.is_given and len(note.contact) > 1 and not any(contact.voicemail_ok for contact in note.contact):
        raise Conflict(
            say("Several ways to reach the person are written down. Ask which of them is safe for a message.")
        )
    if entry.is_given and any(contact.voicemail_ok for contact in note.contact):
        return
    contact = tuple(replace(way, voicemail_ok=entry.is_given) for way in note.contact)
    await sealed.put(notice.id, replace(note, contact=contact))


def _audited(notice: Notice, entry: ConsentEntry) -> AuditEntry:
    action = "wrote down a yes" if entry.is_given else "wrote down a no"
    detail = f"{entry.question.use} {entry.question.peer}".strip()
    return AuditEntry(entry.at, entry.asking.by, action, notice.id, f"{detail} ({entry.asking.channel})")
